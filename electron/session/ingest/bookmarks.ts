/**
 * The bookmarks of a session, by row. Whoever shows or saves them asks what is new since it last did; what was removed
 * last can be brought back. Nothing here reads rows: a bookmark comes with what it says of its row (view/bookmark-places.ts),
 * which stays when the row is dropped.
 */
import { fail, ok, type Result } from '../../../native/core/result.ts';
import { type Bookmark, type BookmarkNews, MOST_BOOKMARKS } from '../../contract/bookmarks.ts';

interface Kept {
  readonly mark: Bookmark;
  /** The change that made it what it is. */
  readonly change: number;
}

export class Bookmarks {
  private readonly marks = new Map<number, Kept>();
  /** Rows whose bookmark was removed, and by which change. */
  private readonly removed = new Map<number, number>();
  /** Whoever knows no more than this change is told all there is. */
  private forgotten = 0;
  private last: readonly Bookmark[] = [];
  private sorted: readonly number[] | null = null;
  private changeCount = 0;

  /** Increases with every change. */
  get changes(): number {
    return this.changeCount;
  }

  get count(): number {
    return this.marks.size;
  }

  /** Rows that have one, in order. The same list until that changes. */
  get rows(): readonly number[] {
    this.sorted ??= [...this.marks.keys()].sort((a, b) => a - b);
    return this.sorted;
  }

  /** In the order of rows. */
  get all(): readonly Bookmark[] {
    return this.rows.map((row) => (this.marks.get(row) as Kept).mark);
  }

  /** How many were removed last and can be brought back. */
  get undoable(): number {
    return this.last.length;
  }

  has(row: number): boolean {
    return this.marks.has(row);
  }

  noteOf(row: number): string | null {
    return this.marks.get(row)?.mark.note ?? null;
  }

  /** Whether so many more may be set. Failure: bad-argument. */
  room(more: number): Result<void> {
    if (this.marks.size + more <= MOST_BOOKMARKS) return ok(undefined);
    return fail(
      'bad-argument',
      `A session may have at most ${MOST_BOOKMARKS.toLocaleString('en')} bookmarks`,
      'Select fewer rows, or remove bookmarks first',
    );
  }

  /** Sets those whose rows have none; the value is how many that were. Failure: bad-argument, and nothing is set. */
  set(marks: readonly Bookmark[]): Result<number> {
    const fresh = new Map(marks.filter(({ row }) => !this.marks.has(row)).map((mark) => [mark.row, mark]));
    const room = this.room(fresh.size);
    if (!room.ok) return room;
    if (fresh.size === 0) return ok(0);
    this.put([...fresh.values()]);
    return ok(fresh.size);
  }

  /** Changes the note of a row that has a bookmark; false if it has none. */
  setNote(row: number, note: string): boolean {
    const kept = this.marks.get(row);
    if (kept === undefined) return false;
    if (kept.mark.note !== note) this.put([{ ...kept.mark, note }]);
    return true;
  }

  /** Removes those of these rows; returns them. */
  remove(rows: readonly number[]): readonly Bookmark[] {
    const going = [...new Set(rows)].flatMap((row) => this.marks.get(row)?.mark ?? []);
    if (going.length === 0) return going;
    const change = ++this.changeCount;
    this.sorted = null;
    for (const { row } of going) {
      this.marks.delete(row);
      this.removed.set(row, change);
    }
    if (this.removed.size > MOST_BOOKMARKS) this.forget();
    this.last = going;
    return going;
  }

  removeAll(): void {
    this.remove(this.rows);
  }

  /** Brings back those that were removed last. Failure: bad-argument, if there would be too many. */
  restore(): Result<number> {
    const restored = this.set(this.last);
    if (!restored.ok) return restored;
    if (this.last.length > 0) this.changeCount++;
    this.last = [];
    return restored;
  }

  /** The rows are gone, and others will have their numbers. */
  clear(): void {
    if (this.marks.size === 0 && this.last.length === 0) return;
    this.changeCount++;
    this.marks.clear();
    this.sorted = null;
    this.last = [];
    this.forget();
  }

  /** What is new for someone who knows everything up to a change; 0: who knows nothing. */
  newsSince(change: number): Omit<BookmarkNews, 'remark'> {
    const anew = change < this.forgotten || change === 0;
    const since = anew ? 0 : change;
    const set: Bookmark[] = [];
    for (const { mark, change: at } of this.marks.values()) if (at > since) set.push(mark);
    const removed: number[] = [];
    if (!anew) for (const [row, at] of this.removed) if (at > since) removed.push(row);
    return { anew, set: set.sort((a, b) => a.row - b.row), removed, undoable: this.undoable };
  }

  private put(marks: readonly Bookmark[]): void {
    const change = ++this.changeCount;
    this.sorted = null;
    for (const mark of marks) {
      this.marks.set(mark.row, { mark, change });
      this.removed.delete(mark.row);
    }
  }

  /** What was removed is not known any more: it would grow without end. */
  private forget(): void {
    this.removed.clear();
    this.forgotten = this.changeCount;
  }
}
