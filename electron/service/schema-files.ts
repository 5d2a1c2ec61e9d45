/**
 * The files of schemas that a person added: remembered by their paths, which a page never sees, and used by all sessions; and
 * those that were named at a start, which are used until the program ends. One
 * that cannot be read, is no schema, or describes a type that another describes is listed with what is wrong, and the others
 * are used.
 */
import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import { failureMessage, type Result } from '../../native/core/result.ts';
import { MOST_SCHEMA_FILES, type SchemaFile, type SchemaState } from '../contract/schemas.ts';
import { readSchemaFile } from '../files/schema-file.ts';
import { SchemaDraft, schemaTexts, schemaTypes, setSchemas } from '../session/text/schemas.ts';

export interface SchemaFilesDependencies {
  /** Those that are remembered. */
  readonly paths: () => readonly string[];
  /** Remembers what becomes of them: another instance may have added some. */
  readonly change: (change: (paths: readonly string[]) => readonly string[]) => void;
  /** Asks which files to add; none if the person dismissed the question. */
  readonly askForFiles: () => Promise<readonly string[]>;
  /** Other schemas are in use: what is shown is to be looked at again. */
  readonly changed: () => void;
}

export class SchemaFiles {
  private readonly dependencies: SchemaFilesDependencies;
  private listed: readonly SchemaFile[] = [];
  private named: readonly string[] = [];

  constructor(dependencies: SchemaFilesDependencies) {
    this.dependencies = dependencies;
  }

  get state(): SchemaState {
    return { files: this.listed, types: schemaTypes() };
  }

  /** Those that were named at a start and are in use. */
  get untilTheEnd(): readonly string[] {
    return this.named;
  }

  /** Uses files until the program ends. Where another one describes the same type, these count. */
  use(paths: readonly string[]): SchemaState {
    this.named = [...new Set([...paths, ...this.named])];
    return this.load();
  }

  /** Reads all files, and uses what is good in them from now on. */
  load(): SchemaState {
    const draft = new SchemaDraft();
    this.listed = [...new Set([...this.named, ...this.dependencies.paths()])].map((path) => {
      const file = { id: idOf(path), name: basename(path) };
      const text = readSchemaFile(path);
      // It is listed beside its name.
      if (!text.ok) return { ...file, types: [], problem: problemOf(text).replace(`${file.name}: `, '') };
      const types = draft.add(text.value);
      return types.ok
        ? { ...file, types: types.value, problem: null }
        : { ...file, types: [], problem: problemOf(types) };
    });
    const { texts } = draft;
    if (JSON.stringify(texts) !== JSON.stringify(schemaTexts())) {
      const set = setSchemas(texts);
      if (!set.ok) throw new Error(set.failure.message);
      this.dependencies.changed();
    }
    return this.state;
  }

  /** Null if the person dismissed the question. */
  async add(): Promise<SchemaState | null> {
    const chosen = await this.dependencies.askForFiles();
    if (chosen.length === 0) return null;
    this.dependencies.change((paths) => [...new Set([...paths, ...chosen])].slice(-MOST_SCHEMA_FILES));
    return this.load();
  }

  remove(id: string): SchemaState {
    this.named = this.named.filter((path) => idOf(path) !== id);
    this.dependencies.change((paths) => paths.filter((path) => idOf(path) !== id));
    return this.load();
  }
}

function problemOf(result: Result<unknown>): string {
  return result.ok ? '' : failureMessage(result.failure);
}

const idOf = (path: string): string => createHash('sha256').update(path).digest('hex').slice(0, 16);
