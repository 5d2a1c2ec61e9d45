import { describe, expect, it } from 'vitest';
import { PRODUCER, RV, SESSION } from './layout.ts';
import { checkProducerPage, formatSessionId, parseSession, type SessionHeader } from './session.ts';
import { createTestImage, TEST_SESSION_ID } from './test-support.ts';

const OPTIONS = { cpus: 2, ringBytes: 65536 } as const;

function page(change: (view: DataView) => void = () => {}): { bytes: Uint8Array; size: number } {
  const view = createTestImage(OPTIONS);
  change(view);
  return { bytes: new Uint8Array(view.buffer, 0, RV.PAGE), size: view.byteLength };
}

function codeOf(change: (view: DataView) => void): string {
  const { bytes, size } = page(change);
  const parsed = parseSession(bytes, size);
  return parsed.ok ? 'ok' : parsed.failure.code;
}

describe('parseSession', () => {
  it('reads a header', () => {
    const { bytes, size } = page();
    expect(parseSession(bytes, size)).toEqual({
      ok: true,
      value: {
        versionMinor: RV.VERSION_MINOR,
        sessionId: TEST_SESSION_ID,
        imageBytes: 393216,
        cpuCount: 2,
        ringMode: 'drop',
        ringBytes: 65536,
        consumerOffset: 65536,
        ringsOffset: 131072,
        ringStride: 131072,
        clockFrequency: 1e9,
        startTicks: 0n,
        startUnixMs: 1705526400000,
        producerPid: 0,
        orderMode: 'index',
        producer: 'test',
      },
    });
    expect(formatSessionId(5n)).toBe('0000000000000005');
  });

  it('accepts a later minor version', () => {
    expect(codeOf((view) => view.setUint16(SESSION.versionMinor, 7, true))).toBe('ok');
  });

  it.each<[string, string, (view: DataView) => void]>([
    ['bad-magic', 'a session being created', (v) => v.setBigUint64(SESSION.magic, 0n, true)],
    ['bad-magic', 'something else', (v) => v.setBigUint64(SESSION.magic, RV.MAGIC_PRODUCER, true)],
    ['bad-version', 'another major', (v) => v.setUint16(SESSION.versionMajor, 2, true)],
    ['bad-layout', 'another page size', (v) => v.setUint32(SESSION.pageBytes, 8192, true)],
    ['bad-layout', 'no CPUs', (v) => v.setUint32(SESSION.cpuCount, 0, true)],
    ['bad-layout', 'too many CPUs', (v) => v.setUint32(SESSION.cpuCount, RV.MAX_CPUS + 1, true)],
    ['bad-layout', 'a ring size of zero', (v) => v.setBigUint64(SESSION.ringBytes, 0n, true)],
    ['bad-layout', 'an odd ring size', (v) => v.setBigUint64(SESSION.ringBytes, 65537n, true)],
    ['bad-layout', 'a huge ring size', (v) => v.setBigUint64(SESSION.ringBytes, 2n ** 63n, true)],
    ['bad-layout', 'another mode', (v) => v.setUint32(SESSION.ringMode, 3, true)],
    ['bad-layout', 'another order', (v) => v.setUint32(SESSION.orderMode, 0, true)],
    ['bad-layout', 'moved rings', (v) => v.setBigUint64(SESSION.ringsOffset, 65536n, true)],
    ['bad-layout', 'another stride', (v) => v.setBigUint64(SESSION.ringStride, 65536n, true)],
    ['bad-layout', 'a stopped clock', (v) => v.setBigUint64(SESSION.qpcFrequency, 0n, true)],
  ])('says %s to %s', (code, _, change) => {
    expect(codeOf(change)).toBe(code);
  });

  it('says truncated-mapping to an object smaller than the header promises, or than a page', () => {
    const { bytes, size } = page();
    for (const [view, objectBytes] of [
      [bytes, size - 1],
      [bytes.subarray(0, 100), 100],
    ] as const) {
      const parsed = parseSession(view, objectBytes);
      expect(parsed.ok ? 'ok' : parsed.failure.code).toBe('truncated-mapping');
    }
  });
});

describe('checkProducerPage', () => {
  const { bytes, size } = page();
  const parsed = parseSession(bytes, size);
  const header = (parsed.ok ? parsed.value : undefined) as SessionHeader;
  const ring = (change: (view: DataView, at: number) => void) => {
    const view = createTestImage(OPTIONS);
    const at = header.ringsOffset + header.ringStride;
    change(view, at);
    const checked = checkProducerPage(new Uint8Array(view.buffer, at, RV.PAGE), 1, header);
    return checked.ok ? 'ok' : checked.failure.code;
  };

  it('accepts the ring of the CPU it is asked about, and no other', () => {
    expect(ring(() => {})).toBe('ok');
    expect(ring((view, at) => view.setBigUint64(at + PRODUCER.magic, 1n, true))).toBe('bad-magic');
    expect(ring((view, at) => view.setUint32(at + PRODUCER.cpu, 0, true))).toBe('bad-layout');
    expect(ring((view, at) => view.setUint32(at + PRODUCER.ringMode, 2, true))).toBe('bad-layout');
    expect(ring((view, at) => view.setBigUint64(at + PRODUCER.ringBytes, 4096n, true))).toBe('bad-layout');
    expect(ring((view, at) => view.setBigUint64(at + PRODUCER.sessionId, 1n, true))).toBe('bad-layout');
  });
});
