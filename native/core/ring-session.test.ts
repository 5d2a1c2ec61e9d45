import { describe, expect, it } from 'vitest';
import { imageGeometry, PRODUCER, RV, SESSION } from './layout.ts';
import { checkProducerPage, formatRingSessionId, parseRingSession, type RingSessionHeader } from './ring-session.ts';
import { createTestImage, TEST_SESSION_ID } from './test-support.ts';

const OPTIONS = { cpus: 2, ringBytes: 65536 } as const;

function page(change: (view: DataView) => void = () => {}): { bytes: Uint8Array; size: number } {
  const view = createTestImage(OPTIONS);
  change(view);
  return { bytes: new Uint8Array(view.buffer, 0, RV.PAGE), size: view.byteLength };
}

function codeOf(change: (view: DataView) => void): string {
  const { bytes, size } = page(change);
  const parsed = parseRingSession(bytes, size);
  return parsed.ok ? 'ok' : parsed.failure.code;
}

describe('parseRingSession', () => {
  it('reads a header', () => {
    const { bytes, size } = page();
    expect(parseRingSession(bytes, size)).toEqual({
      ok: true,
      value: {
        versionMajor: RV.VERSION_MAJOR,
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
    expect(formatRingSessionId(5n)).toBe('0000000000000005');
  });

  it('accepts a later minor version', () => {
    expect(codeOf((view) => view.setUint16(SESSION.versionMinor, 7, true))).toBe('ok');
  });

  it.each<[string, string, (view: DataView) => void]>([
    ['bad-magic', 'a session being created', (v) => v.setBigUint64(SESSION.magic, 0n, true)],
    ['bad-magic', 'something else', (v) => v.setBigUint64(SESSION.magic, RV.MAGIC_PRODUCER, true)],
    ['bad-version', 'a later major', (v) => v.setUint16(SESSION.versionMajor, 3, true)],
    ['bad-version', 'a major before the first', (v) => v.setUint16(SESSION.versionMajor, 0, true)],
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
      const parsed = parseRingSession(view, objectBytes);
      expect(parsed.ok ? 'ok' : parsed.failure.code).toBe('truncated-mapping');
    }
  });

  it('says truncated-mapping to less than a page, however large the object is said to be', () => {
    const { bytes, size } = page();
    for (const [view, objectBytes] of [
      [bytes.subarray(0, RV.PAGE - 1), size],
      [bytes, RV.PAGE - 1],
    ] as const) {
      const parsed = parseRingSession(view, objectBytes);
      expect(parsed.ok ? '' : parsed.failure.message).toContain(`${RV.PAGE - 1} bytes, less than one page`);
    }
  });

  it('names the side that is older', () => {
    for (const [major, side] of [
      [0, 'producer'],
      [3, 'reader'],
    ] as const) {
      const { bytes, size } = page((view) => view.setUint16(SESSION.versionMajor, major, true));
      const parsed = parseRingSession(bytes, size);
      expect(parsed.ok ? '' : parsed.failure.action).toBe(`Update the ${side}`);
    }
  });

  it('names a session that is being created apart from what is none', () => {
    const messages = [0n, 5n].map((magic) => {
      const { bytes, size } = page((view) => view.setBigUint64(SESSION.magic, magic, true));
      const parsed = parseRingSession(bytes, size);
      return parsed.ok ? '' : parsed.failure.message;
    });
    expect(messages[0]).toContain('still being created');
    expect(messages[1]).toContain('found 0x5');
  });

  it('accepts as many CPUs as there may be, and clocks up to where they are exact', () => {
    const geometry = imageGeometry(RV.MAX_CPUS, OPTIONS.ringBytes);
    const most = (change: (view: DataView) => void = () => {}) => {
      const { bytes } = page((view) => {
        view.setUint32(SESSION.cpuCount, RV.MAX_CPUS, true);
        for (const field of ['ringsOffset', 'imageBytes'] as const) {
          view.setBigUint64(SESSION[field], BigInt(geometry[field]), true);
        }
        change(view);
      });
      return parseRingSession(bytes, geometry.imageBytes);
    };
    expect(most()).toMatchObject({ ok: true, value: { cpuCount: RV.MAX_CPUS } });
    const clock = (frequency: bigint) => most((view) => view.setBigUint64(SESSION.qpcFrequency, frequency, true));
    expect(clock(2n ** 53n - 1n)).toMatchObject({ ok: true, value: { clockFrequency: 2 ** 53 - 1 } });
    expect(clock(2n ** 53n)).toMatchObject({ ok: false, failure: { code: 'bad-layout' } });
    expect(clock(1n)).toMatchObject({ ok: true });
  });

  it.each(['consumerOffset', 'ringsOffset', 'ringStride', 'imageBytes'] as const)('refuses another %s', (field) => {
    const changed = page((view) =>
      view.setBigUint64(SESSION[field], view.getBigUint64(SESSION[field], true) + 8n, true),
    );
    const parsed = parseRingSession(changed.bytes, changed.size);
    expect(parsed.ok ? '' : parsed.failure.message).toContain(field);
  });

  it('reads modes and a name, of which it shows what can be printed', () => {
    const changed = page((view) => {
      view.setUint32(SESSION.ringMode, RV.MODE_OVERWRITE_OLD, true);
      view.setUint32(SESSION.orderMode, RV.ORDER_CLOCK, true);
      view.setUint32(SESSION.producerPid, 4711, true);
      const name = [0x1f, 0x20, 0x7e, 0x7f, 0xe4, 10, ...'abcdefghijklmnopqrstuvwxyz'].map((each) =>
        typeof each === 'number' ? each : each.charCodeAt(0),
      );
      for (const [at, byte] of name.entries()) view.setUint8(SESSION.producer + at, byte);
    });
    expect(parseRingSession(changed.bytes, changed.size)).toMatchObject({
      ok: true,
      value: { ringMode: 'overwrite', orderMode: 'clock', producerPid: 4711, producer: '? ~???abcdefghijklmnopqr' },
    });
  });
});

describe('checkProducerPage', () => {
  const { bytes, size } = page();
  const parsed = parseRingSession(bytes, size);
  const header = (parsed.ok ? parsed.value : undefined) as RingSessionHeader;
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
    const overwriting = { ...header, ringMode: 'overwrite' as const };
    const own = new Uint8Array(createTestImage(OPTIONS).buffer, header.ringsOffset, RV.PAGE);
    expect(checkProducerPage(own, 0, overwriting).ok).toBe(false);
    new DataView(own.buffer).setUint32(header.ringsOffset + PRODUCER.ringMode, RV.MODE_OVERWRITE_OLD, true);
    expect(checkProducerPage(own, 0, overwriting).ok).toBe(true);
    expect(ring((view, at) => view.setBigUint64(at + PRODUCER.ringBytes, 4096n, true))).toBe('bad-layout');
    expect(ring((view, at) => view.setBigUint64(at + PRODUCER.sessionId, 1n, true))).toBe('bad-layout');
  });
});
