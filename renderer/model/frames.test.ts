import { describe, expect, it } from 'vitest';
import { createFrames } from './frames.ts';

function setUp() {
  const requested: (() => void)[] = [];
  const frames = createFrames((run) => requested.push(run));
  const log: string[] = [];
  return { frames, log, requested, next: () => requested.shift()?.() };
}

describe('frames', () => {
  it('draw after all updates, in one frame, whatever the order they were asked for in', () => {
    const { frames, log, requested, next } = setUp();
    frames.draw(() => log.push('draw'));
    frames.update(() => log.push('first'));
    frames.update(() => log.push('second'));
    expect(requested).toHaveLength(1);
    next();
    expect(log).toEqual(['first', 'second', 'draw']);
    expect(requested).toHaveLength(0);
  });

  it('draw what an update changed in the frame of the update', () => {
    const { frames, log, requested, next } = setUp();
    frames.update(() => {
      log.push('update');
      frames.update(() => log.push('what it led to'));
      frames.draw(() => log.push('draw'));
    });
    next();
    expect(log).toEqual(['update', 'what it led to', 'draw']);
    expect(requested).toHaveLength(0);
  });

  it('leave what is asked for while drawing to the next frame', () => {
    const { frames, log, next } = setUp();
    frames.draw(() => {
      log.push('draw');
      frames.draw(() => log.push('draw again'));
      frames.update(() => log.push('update'));
    });
    next();
    expect(log).toEqual(['draw']);
    next();
    expect(log).toEqual(['draw', 'update', 'draw again']);
  });

  it('go on after one of them threw', () => {
    const { frames, log, next } = setUp();
    frames.update(() => {
      throw new Error('defect');
    });
    frames.update(() => log.push('update'));
    frames.draw(() => log.push('draw'));
    expect(next).toThrow('defect');
    next();
    expect(log).toEqual(['update', 'draw']);
  });
});
