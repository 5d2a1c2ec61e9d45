/**
 * The rows of a JSON Lines file that `ringview capture` or the app's export wrote, and what the simulated driver put into
 * each text: the tag of its life, the number of the attempt on its CPU, a checksum.
 */
import { createReadStream } from 'node:fs';
import { fnv1a } from '../../native/sim/messages.ts';

export interface SoakRow {
  /** Global index; 0 in a session ordered by clock. */
  readonly index: number;
  readonly timeUs: number;
  readonly cpu: number;
  /** Records lost just here; 0 for an entry. */
  readonly lost: number;
  readonly late: boolean;
  /** Of a text: which life of the producer, and the low 32 bits of the attempt's number. Null for what carries none. */
  readonly mark: { readonly tag: number; readonly attempt: number } | null;
  /** Why the row cannot be what a producer wrote; null if nothing is wrong with it. */
  readonly torn: string | null;
}

const MARK = / @([0-9a-f]{8})\.([0-9a-f]{8}) #([0-9a-f]{8})$/;
const CHECKSUM_BYTES = 10;

/** Reads one line. A line that is not a whole row is told as torn. */
export function parseRow(line: string): SoakRow {
  let fields: Record<string, unknown>;
  try {
    fields = JSON.parse(line) as Record<string, unknown>;
  } catch {
    return { index: 0, timeUs: 0, cpu: 0, lost: 0, late: false, mark: null, torn: `not a row: ${line.slice(0, 200)}` };
  }
  const { index, time_us: timeUs, cpu, type, message } = fields;
  const lost = typeof fields.lost === 'number' ? fields.lost : 0;
  const row = {
    index: Number(index),
    timeUs: Number(timeUs),
    cpu: Number(cpu),
    lost,
    late: fields.late === true,
    mark: null,
    torn: null,
  };
  if (lost > 0 || type !== 0) return row;
  const text = String(message);
  const mark = MARK.exec(text);
  if (mark === null) return { ...row, torn: `a text without number and checksum: ${text.slice(-200)}` };
  const bytes = Buffer.from(text);
  const sum = fnv1a(bytes, 0, bytes.length - CHECKSUM_BYTES);
  if (sum !== Number.parseInt(mark[3] as string, 16))
    return { ...row, torn: `a text whose checksum is wrong: ${text}` };
  return {
    ...row,
    mark: { tag: Number.parseInt(mark[1] as string, 16), attempt: Number.parseInt(mark[2] as string, 16) },
  };
}

export interface FileRows {
  readonly rows: number;
  /** Bytes after the last line end: of a writer that was killed the begun row, of any other nothing. */
  readonly begun: number;
}

/** Hands every whole line of a file to `take`. Asynchronous all through: the file may lie on a disk that stalls. */
export async function readRows(path: string, take: (row: SoakRow) => void): Promise<FileRows> {
  let rest = '';
  let rows = 0;
  for await (const chunk of createReadStream(path, { encoding: 'utf8', highWaterMark: 1 << 20 })) {
    const lines = (rest + String(chunk)).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) take(parseRow(line));
    rows += lines.length;
  }
  return { rows, begun: Buffer.byteLength(rest) };
}
