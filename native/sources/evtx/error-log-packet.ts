/**
 * What a driver gave to IoWriteErrorLogEntry, as the System log keeps it: the binary data of its events is the packet itself.
 * Layout: IO_ERROR_LOG_PACKET of wdm.h. Pure.
 */
import { namedCode, statusName } from '../../decode/status-names.ts';
import { dataText } from './values.ts';

const PACKET_BYTES = 40;
/** Dump data that is shown; the rest is only counted. */
const DUMP_SHOWN = 64;

const MAJOR_FUNCTIONS = [
  'IRP_MJ_CREATE',
  'IRP_MJ_CREATE_NAMED_PIPE',
  'IRP_MJ_CLOSE',
  'IRP_MJ_READ',
  'IRP_MJ_WRITE',
  'IRP_MJ_QUERY_INFORMATION',
  'IRP_MJ_SET_INFORMATION',
  'IRP_MJ_QUERY_EA',
  'IRP_MJ_SET_EA',
  'IRP_MJ_FLUSH_BUFFERS',
  'IRP_MJ_QUERY_VOLUME_INFORMATION',
  'IRP_MJ_SET_VOLUME_INFORMATION',
  'IRP_MJ_DIRECTORY_CONTROL',
  'IRP_MJ_FILE_SYSTEM_CONTROL',
  'IRP_MJ_DEVICE_CONTROL',
  'IRP_MJ_INTERNAL_DEVICE_CONTROL',
  'IRP_MJ_SHUTDOWN',
  'IRP_MJ_LOCK_CONTROL',
  'IRP_MJ_CLEANUP',
  'IRP_MJ_CREATE_MAILSLOT',
  'IRP_MJ_QUERY_SECURITY',
  'IRP_MJ_SET_SECURITY',
  'IRP_MJ_POWER',
  'IRP_MJ_SYSTEM_CONTROL',
  'IRP_MJ_DEVICE_CHANGE',
  'IRP_MJ_QUERY_QUOTA',
  'IRP_MJ_SET_QUOTA',
  'IRP_MJ_PNP',
];

const hex = (value: number): string => namedCode(value, null);
const status = (code: number): string => namedCode(code, statusName('ntstatus', code));

/**
 * The packet in the binary data of an event, in words; null if the data is none. It is one if the number of the event is
 * that of its error code, and it has as much dump data as it says.
 */
export function errorLogPacket(digits: string, eventId: number): string | null {
  if (digits.length < PACKET_BYTES * 2 || digits.length % 2 !== 0 || !/^[0-9a-f]+$/i.test(digits)) return null;
  const bytes = Uint8Array.from({ length: digits.length / 2 }, (_, at) =>
    Number.parseInt(digits.slice(at * 2, at * 2 + 2), 16),
  );
  const view = new DataView(bytes.buffer);
  const dumpBytes = view.getUint16(2, true);
  const code = view.getUint32(12, true);
  if ((code & 0xffff) !== eventId || PACKET_BYTES + dumpBytes > bytes.length) return null;
  const major = bytes[0] as number;
  const parts = [
    `function ${MAJOR_FUNCTIONS[major] ?? hex(major)}`,
    `error ${status(code)}`,
    `final status ${status(view.getUint32(20, true))}`,
    `unique value ${hex(view.getUint32(16, true))}`,
    `retries ${bytes[1] as number}`,
    `sequence ${view.getUint32(24, true)}`,
  ];
  const control = view.getUint32(28, true);
  if (control !== 0) parts.push(`control code ${hex(control)}`);
  const offset = view.getBigInt64(32, true);
  if (offset !== 0n) parts.push(`device offset ${offset}`);
  const dump = dataText(bytes.subarray(PACKET_BYTES, PACKET_BYTES + dumpBytes), DUMP_SHOWN);
  if (dump !== '') parts.push(`dump ${dump}`);
  return parts.join(', ');
}
