import { describe, expect, it } from 'vitest';
import { TextOut, type WriteTo } from './text-out.ts';

/** A descriptor that answers as the list says, then takes all; what it took is in `taken`. */
function descriptor(answers: readonly (number | string)[]) {
  const left = [...answers];
  const taken: string[] = [];
  const write: WriteTo = (_, bytes, done) => {
    const answer = left.shift() ?? bytes.length;
    if (typeof answer === 'string') {
      done(Object.assign(new Error(answer), { code: answer }), 0);
      return;
    }
    taken.push(new TextDecoder().decode(bytes.subarray(0, answer)));
    done(null, answer);
  };
  return { taken, write };
}

describe('TextOut', () => {
  it('writes everything in order, also where a write takes a part', async () => {
    const { taken, write } = descriptor([2, 'EAGAIN', 3]);
    const out = new TextOut(2, write);
    out.write('hello\n');
    out.write('');
    out.write('world\n');
    expect(out.pending).toBe(true);
    await out.settled();
    expect([taken.join(''), out.failure, out.pending]).toEqual(['hello\nworld\n', null, false]);
  });

  it('takes a reader that left for no failure, and speaks no more', async () => {
    const { taken, write } = descriptor(['EPIPE']);
    const out = new TextOut(1, write);
    out.write('one\n');
    out.write('two\n');
    await out.settled();
    out.write('three\n');
    await out.settled();
    expect([taken, out.failure]).toEqual([[], null]);
  });

  it('keeps what the system said', async () => {
    const out = new TextOut(1, descriptor(['EIO']).write);
    out.write('one\n');
    await out.settled();
    expect(out.failure?.code).toBe('EIO');
  });
});
