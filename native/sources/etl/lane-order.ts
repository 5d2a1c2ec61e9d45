/**
 * Which CPU has the next event: a tournament over the times of the lanes. One time changes for each event, so one path of
 * the tree is played again, of two steps with four CPUs and of eight with 256.
 */

/** What a lane without an event has: it comes after every time. */
export const NO_TIME = Number.POSITIVE_INFINITY;

export class LaneOrder {
  /** Lanes there is room for, a power of two. */
  private places = 1;
  private times = new Float64Array([NO_TIME]);
  /** The lane that wins below each node; those from `places` on are the lanes themselves, node 1 is the root. */
  private winners = new Int32Array([0, 0]);

  /** Makes room for so many lanes; those there are keep their times. */
  resize(count: number): void {
    if (count <= this.places) return;
    const before = this.times;
    while (this.places < count) this.places *= 2;
    const { places } = this;
    this.times = new Float64Array(places).fill(NO_TIME);
    this.times.set(before);
    this.winners = new Int32Array(places * 2);
    for (let lane = 0; lane < places; lane++) this.winners[places + lane] = lane;
    for (let node = places - 1; node >= 1; node--) this.play(node);
  }

  /** Takes every time back. */
  clear(): void {
    this.places = 1;
    this.times = new Float64Array([NO_TIME]);
    this.winners = new Int32Array([0, 0]);
  }

  /** The time of a lane's next event, or NO_TIME. */
  set(lane: number, time: number): void {
    const { times, winners } = this;
    times[lane] = time;
    for (let node = (lane + this.places) >>> 1; node >= 1; node >>>= 1) {
      const left = winners[node * 2] as number;
      const right = winners[node * 2 + 1] as number;
      winners[node] = (times[right] as number) < (times[left] as number) ? right : left;
    }
  }

  /** The lane with the earliest event, of several the one with the smallest number; -1 if none has one. */
  first(): number {
    const first = this.winners[1] as number;
    return this.times[first] === NO_TIME ? -1 : first;
  }

  private play(node: number): void {
    const left = this.winners[node * 2] as number;
    const right = this.winners[node * 2 + 1] as number;
    this.winners[node] = (this.times[right] as number) < (this.times[left] as number) ? right : left;
  }
}
