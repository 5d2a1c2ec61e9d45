/**
 * A full memory barrier without a call into C: a sequentially consistent store followed by such a load. On x64 the
 * store is an XCHG, on ARM64 the pair is STLR and LDAR, which nothing may pass in either direction.
 */
const cell = new Int32Array(new SharedArrayBuffer(4));

export function fullBarrier(): void {
  Atomics.store(cell, 0, 1);
  Atomics.load(cell, 0);
}
