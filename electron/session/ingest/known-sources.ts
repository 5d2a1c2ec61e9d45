/** The sources that a session has rows of, in use or not: what they are called, and what they delivered. */
import type { SourceName } from '../../contract/status.ts';
import type { CapturedSource } from './captured-source.ts';
import type { KnownSource } from './session-keeper.ts';
import type { Losses } from './statistics.ts';

export class KnownSources {
  /** Those no longer in use, by the number that rows carry. */
  private readonly left = new Map<number, KnownSource>();

  /** With those in use, by number. */
  names(inUse: readonly CapturedSource[]): readonly SourceName[] {
    const names = new Map<number, SourceName>();
    for (const { id, name } of this.left.values()) names.set(id, { id, name });
    for (const { id, info } of inUse) names.set(id, { id, name: info.name });
    return [...names.values()].sort((a, b) => a.id - b.id);
  }

  /** Those that were let go as they were then, and those in use as they are now. */
  all(inUse: readonly CapturedSource[]): readonly KnownSource[] {
    const known = new Map(this.left);
    for (const source of inUse) known.set(source.id, knownOf(source, source.lossesOf(source.figures)));
    return [...known.values()].sort((a, b) => a.id - b.id);
  }

  /** A source is in use no more. One without rows is forgotten. */
  letGo(source: CapturedSource, losses: Losses): void {
    if (source.rows > 0) this.left.set(source.id, knownOf(source, losses));
    else this.left.delete(source.id);
  }

  restore(sources: readonly KnownSource[]): void {
    for (const source of sources) this.left.set(source.id, source);
  }

  clear(): void {
    this.left.clear();
  }
}

function knownOf({ id, info, records, place: { statedNs } }: CapturedSource, { lost }: Losses): KnownSource {
  return { id, name: info.name, info, read: records, lost, ...(statedNs === 0 ? {} : { statedNs }) };
}
