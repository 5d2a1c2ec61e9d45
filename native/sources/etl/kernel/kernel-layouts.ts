/**
 * The events of the system logger that have a plain layout: what each is called, and which fields lie in it. By the MOF
 * classes of the NT kernel logger (DiskIo_TypeGroup1, FileIo_ReadWrite, Registry_TypeGroup1 ...), which later versions of
 * Windows changed where an entry says from which version of the event on.
 */

/** How a field lies in an event, and how it is shown: see kernel-fields.ts. */
export type FieldType =
  | 'u8'
  | 's8'
  | 'u16'
  | 'u32'
  | 'u64'
  | 'x32'
  | 'ptr'
  | 'size'
  | 'text'
  | 'wide'
  | 'ip4'
  | 'ip6'
  | 'port'
  | 'since'
  | 'span'
  | 'file'
  | 'pid'
  | 'status'
  | 'wait'
  | 'state';

export interface Field {
  /** Empty for what is skipped. */
  readonly name: string;
  readonly type: FieldType;
}

export interface Layout {
  /** `DiskIo/Read`. */
  readonly name: string;
  /** The layout of events of this version and of later ones, the latest first. */
  readonly versions: readonly { readonly from: number; readonly fields: readonly Field[] }[];
}

const layouts = new Map<number, Layout>();

/** The layout of an event; undefined if it has none here. */
export function layoutOf(group: number, type: number): Layout | undefined {
  return layouts.get(group * 256 + type);
}

/** `name:type name:type`; `-` for a name that is skipped. */
function fieldsOf(text: string): Field[] {
  return text.split(' ').map((each) => {
    const [name = '', type = ''] = each.split(':');
    return { name: name === '-' ? '' : name, type: type as FieldType };
  });
}

/** `types`: number and name of each. `texts`: the fields, by the version from which they lie so. */
function add(
  group: number,
  prefix: string,
  types: Readonly<Record<number, string>>,
  texts: Readonly<Record<number, string>>,
): void {
  const versions = Object.entries(texts)
    .map(([from, text]) => ({ from: Number(from), fields: text === '' ? [] : fieldsOf(text) }))
    .sort((a, b) => b.from - a.from);
  for (const [type, name] of Object.entries(types)) {
    layouts.set(group * 256 + Number(type), { name: `${prefix}/${name}`, versions });
  }
}

add(
  0x01,
  'DiskIo',
  { 10: 'Read', 11: 'Write' },
  { 2: 'disk:u32 flags:x32 bytes:u32 -:u32 offset:u64 file:file irp:ptr response:span thread:u32' },
);
add(0x01, 'DiskIo', { 12: 'ReadInit', 13: 'WriteInit', 15: 'FlushInit' }, { 2: 'irp:ptr thread:u32' });
add(0x01, 'DiskIo', { 14: 'FlushBuffers' }, { 2: 'disk:u32 flags:x32 response:span irp:ptr thread:u32' });

add(
  0x02,
  'PageFault',
  {
    10: 'TransitionFault',
    11: 'DemandZeroFault',
    12: 'CopyOnWrite',
    13: 'GuardPageFault',
    14: 'HardPageFault',
    15: 'AccessViolation',
  },
  { 2: 'address:ptr program:ptr' },
);
add(0x02, 'PageFault', { 32: 'HardFault' }, { 2: 'took:since offset:u64 address:ptr file:file thread:u32 bytes:u32' });
add(
  0x02,
  'PageFault',
  { 98: 'VirtualAlloc', 99: 'VirtualFree' },
  { 2: 'address:ptr bytes:size process:pid flags:x32' },
);

add(0x03, 'Process', { 11: 'Terminate' }, { 0: 'process:pid' });
add(0x14, 'Image', { 33: 'KernelBase', 34: 'HypercallPage' }, { 0: 'base:ptr' });

add(0x04, 'FileIo', { 0: 'Name', 32: 'FileCreate', 35: 'FileDelete', 36: 'FileRundown' }, { 0: 'key:ptr name:wide' });
add(
  0x04,
  'FileIo',
  { 64: 'Create' },
  {
    2: 'irp:ptr thread:size object:ptr options:x32 attributes:x32 share:x32 name:wide',
    3: 'irp:ptr object:ptr thread:u32 options:x32 attributes:x32 share:x32 name:wide',
  },
);
add(
  0x04,
  'FileIo',
  { 65: 'Cleanup', 66: 'Close', 73: 'Flush' },
  { 2: 'irp:ptr thread:size object:ptr file:file', 3: 'irp:ptr object:ptr file:file thread:u32' },
);
add(
  0x04,
  'FileIo',
  { 67: 'Read', 68: 'Write' },
  {
    2: 'offset:u64 irp:ptr thread:size object:ptr file:file bytes:u32 flags:x32',
    3: 'offset:u64 irp:ptr object:ptr file:file thread:u32 bytes:u32 flags:x32',
  },
);
add(
  0x04,
  'FileIo',
  { 69: 'SetInfo', 70: 'Delete', 71: 'Rename', 74: 'QueryInfo', 75: 'FSControl' },
  {
    2: 'irp:ptr thread:size object:ptr file:file extra:ptr class:u32',
    3: 'irp:ptr object:ptr file:file extra:ptr thread:u32 class:u32',
  },
);
add(
  0x04,
  'FileIo',
  { 72: 'DirEnum', 77: 'DirNotify' },
  {
    2: 'irp:ptr thread:size object:ptr file:file length:u32 class:u32 index:u32 pattern:wide',
    3: 'irp:ptr object:ptr file:file thread:u32 length:u32 class:u32 index:u32 pattern:wide',
  },
);
add(0x04, 'FileIo', { 76: 'OperationEnd' }, { 2: 'irp:ptr extra:ptr status:status' });

add(
  0x05,
  'Thread',
  { 36: 'CSwitch' },
  {
    2:
      'to:u32 from:u32 priority:s8 oldPriority:s8 -:u8 -:u8 waitReason:wait waitMode:s8 oldState:state ' +
      '-:u8 waited:u32',
  },
);
add(0x05, 'Thread', { 48: 'SetPriority', 49: 'SetBasePriority' }, { 2: 'thread:u32 old:u8 new:u8' });
add(0x05, 'Thread', { 50: 'ReadyThread' }, { 2: 'thread:u32 reason:s8 increment:s8 flag:s8' });
add(0x05, 'Thread', { 72: 'SetName' }, { 2: 'process:pid thread:u32 name:wide' });

const TCP = {
  10: 'Send',
  11: 'Recv',
  12: 'Connect',
  13: 'Disconnect',
  14: 'Retransmit',
  15: 'Accept',
  16: 'Reconnect',
  18: 'Copy',
};
/** The types of the same events for IPv6: their numbers are greater by 16. */
const sixth = (types: Readonly<Record<number, string>>): Record<number, string> =>
  Object.fromEntries(Object.entries(types).map(([type, name]) => [Number(type) + 16, `${name}IPv6`]));
const IP4 = { 1: 'process:pid bytes:u32 to:ip4 from:ip4 toPort:port fromPort:port' };
const IP6 = { 1: 'process:pid bytes:u32 to:ip6 from:ip6 toPort:port fromPort:port' };
const FAIL = { 1: 'protocol:u16 code:u16' };
const UDP = { 10: 'Send', 11: 'Recv' };
add(0x06, 'TcpIp', TCP, IP4);
add(0x06, 'TcpIp', sixth(TCP), IP6);
add(0x06, 'TcpIp', { 17: 'Fail' }, FAIL);
add(0x08, 'UdpIp', UDP, IP4);
add(0x08, 'UdpIp', sixth(UDP), IP6);
add(0x08, 'UdpIp', { 17: 'Fail' }, FAIL);

add(
  0x09,
  'Registry',
  {
    10: 'Create',
    11: 'Open',
    12: 'Delete',
    13: 'Query',
    14: 'SetValue',
    15: 'DeleteValue',
    16: 'QueryValue',
    17: 'EnumerateKey',
    18: 'EnumerateValueKey',
    19: 'QueryMultipleValue',
    20: 'SetInformation',
    21: 'Flush',
    22: 'KCBCreate',
    23: 'KCBDelete',
    24: 'KCBRundownBegin',
    25: 'KCBRundownEnd',
    26: 'Virtualize',
    27: 'Close',
  },
  { 2: 'took:since status:status index:u32 key:ptr name:wide' },
);

add(0x0f, 'PerfInfo', { 46: 'SampledProfile' }, { 2: 'program:ptr thread:u32 count:u32' });
add(0x0f, 'PerfInfo', { 51: 'SysClEnter' }, { 2: 'routine:ptr' });
add(0x0f, 'PerfInfo', { 52: 'SysClExit' }, { 2: 'status:status' });
add(0x0f, 'PerfInfo', { 66: 'ThreadedDPC', 68: 'DPC', 69: 'TimerDPC' }, { 2: 'took:since routine:ptr' });
add(0x0f, 'PerfInfo', { 67: 'ISR' }, { 2: 'took:since routine:ptr handled:u8 vector:u8' });
