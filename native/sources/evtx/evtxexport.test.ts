/** Real event logs beside an independent reader: Debian's evtxexport (libevtx-utils). */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { hasRealLogs, realLogs } from '../file/test-support.ts';
import { readXml } from '../manifest/xml.ts';
import { CHUNK_BYTES } from './chunk.ts';
import { decodeChunk, HEADER_BLOCK_BYTES } from './evtx-reader.ts';
import { openEventLog } from './evtx-source.ts';
import { child, textOf, type XmlElement, xmlText } from './xml-tree.ts';

/** Says so where it is not there: a test that is skipped in silence is taken for one that passed. */
function hasReader(): boolean {
  try {
    execFileSync('evtxexport', ['-V'], { stdio: 'ignore' });
    return true;
  } catch {
    process.stderr.write('SKIPPED: the comparison with evtxexport, which is not installed (libevtx-utils)\n');
    return false;
  }
}

const path = (name: string): string => fileURLToPath(realLogs(`evtx/${name}.evtx`));
const idOf = (event: XmlElement): string => textOf(child(child(event, 'System'), 'EventRecordID'));

/** Events by their number, as text of one form. */
function ours(name: string): Map<string, string> {
  const file = readFileSync(path(name));
  const events = new Map<string, string>();
  for (let at = HEADER_BLOCK_BYTES; at < file.length; at += CHUNK_BYTES) {
    decodeChunk(
      file.subarray(at, at + CHUNK_BYTES),
      ({ xml }) => events.set(idOf(xml), told(xml)),
      () => {},
    );
  }
  return events;
}

function theirs(name: string): Map<string, string> {
  const text = execFileSync('evtxexport', ['-f', 'xml', path(name)], { maxBuffer: 1 << 28, encoding: 'utf8' });
  const events = new Map<string, string>();
  for (const [event] of text.matchAll(/<Event [\s\S]*?<\/Event>/g)) {
    const xml = readXml(event);
    if (typeof xml === 'string') throw new Error(`${xml}: ${event}`);
    events.set(idOf(xml), told(xml));
  }
  return events;
}

/** Blanks that only one of them has around a text, and line breaks that only one keeps, say nothing. */
function told(event: XmlElement): string {
  return xmlText(event).replace(/\r\n/g, '\n').replace(/>\s+/g, '>').replace(/\s+</g, '<');
}

describe.skipIf(!hasRealLogs('evtx/') || !hasReader())('an event log of a real machine', () => {
  it.each(['helloforbusiness', 'languagepacksetup'])(
    '%s has the records and the data that evtxexport shows',
    (name) => {
      const other = theirs(name);
      expect(other.size).toBeGreaterThan(0);
      expect(Object.fromEntries(ours(name))).toEqual(Object.fromEntries(other));
    },
  );

  it('was written when evtxexport says, to 100 ns', () => {
    const text = execFileSync('evtxexport', [path('helloforbusiness')], { encoding: 'utf8' });
    const written = [...text.matchAll(/^Written time\s*: (.+\d)\.(\d{9}) UTC$/gm)].map(
      ([, seconds = '', fraction]) => BigInt(Date.parse(`${seconds} UTC`)) * 1_000_000n + BigInt(fraction ?? 0),
    );
    const opened = openEventLog(path('helloforbusiness'));
    if (!opened.ok) throw new Error(opened.failure.message);
    const source = opened.value;
    const own: bigint[] = [];
    const start = BigInt(source.info.startUnixMs) * 1_000_000n;
    while (
      source.poll((batch) => {
        for (let row = 0; row < batch.count; row++) own.push(start + BigInt(batch.timeNs[row] as number));
      }).state === 'capturing'
    );
    source.close();
    expect(own.length).toBeGreaterThan(3);
    expect(own).toEqual(written);
  });

  it('with a damaged chunk has all that evtxexport shows, and what it gives up besides', () => {
    const own = ours('bad-chunk-magic');
    const other = theirs('bad-chunk-magic');
    for (const [id, event] of other) expect(own.get(id)).toBe(event);
    expect(own.size).toBeGreaterThan(other.size);
  });
});
