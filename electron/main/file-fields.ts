/**
 * Which fields the files have that sessions were opened from: what a file does not state is no zero in what is made of it.
 * A source is asked only when something is written, for a file says more of itself the more of it was read.
 */
import type { Result } from '../../native/core/result.ts';
import { DbwinSource } from '../../native/sources/dbwin/dbwin.ts';
import type { LogSource } from '../../native/sources/source.ts';
import { fieldsOfSource } from '../files/source-fields.ts';
import { ALL_FIELDS, type SourceFields } from '../session/output/output-facts.ts';

export class FileFields {
  /** By session, and by the name a file was opened by. */
  private readonly files = new Map<number, Map<string, LogSource>>();

  /** Notes what was opened, if that is a file or debug output, and passes it on. */
  note(session: number, spec: string, opened: Result<LogSource>): Result<LogSource> {
    if (!opened.ok || !(opened.value.info.file !== undefined || opened.value instanceof DbwinSource)) return opened;
    const known = this.files.get(session) ?? new Map<string, LogSource>();
    this.files.set(session, known.set(spec, opened.value));
    return opened;
  }

  /** What is known of the rows of a source of a session, by the name it was opened by. */
  of(session: number, spec: string | null): SourceFields {
    const source = spec === null ? undefined : this.files.get(session)?.get(spec);
    return source === undefined ? ALL_FIELDS : fieldsOfSource(source);
  }

  /** Forgets sessions that are not open any more. */
  keep(open: readonly { readonly id: number }[]): void {
    for (const session of this.files.keys()) if (!open.some(({ id }) => id === session)) this.files.delete(session);
  }
}
