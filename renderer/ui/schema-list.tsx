/** The files that say what the bytes of typed records are: which types each describes, or what is wrong with it. */
import { Button } from '@fluentui/react-components';
import { useEffect } from 'react';
import type { SchemaFile } from '../../electron/contract/schemas.ts';
import { shownField } from '../../electron/contract/shown-text.ts';
import { useApp, useSchemas } from './app-context.ts';
import { FailureNote } from './failure-text.tsx';

export function SchemaList() {
  const { schemas } = useApp();
  const { files, types } = useSchemas((slice) => slice.schemas);
  const failure = useSchemas((slice) => slice.failure);
  useEffect(() => void schemas.refresh(), [schemas]);
  const own = types.filter(({ added }) => !added).map(({ name }) => name);
  return (
    <>
      <FailureNote failure={failure} testId="schemas-failure" />
      {files.map((file) => (
        <FileLine key={file.id} file={file} />
      ))}
      <p className="settings-line">
        RingView's own
        <span className="note">{own.join(', ')}</span>
      </p>
      <Button size="small" data-testid="schemas-add" onClick={() => void schemas.add()}>
        Add schemas…
      </Button>
    </>
  );
}

function FileLine({ file }: { readonly file: SchemaFile }) {
  const { schemas } = useApp();
  const { id, name, types, problem } = file;
  const told = types.map((type) => `${type.name} (${type.type})`).join(', ');
  return (
    <p className="settings-line" data-testid="schema-file">
      {shownField(name)}
      <span>
        <span className={problem === null ? 'note' : 'bad'}>{problem === null ? told : shownField(problem)}</span>
        <Button size="small" appearance="subtle" aria-label={`Remove ${name}`} onClick={() => void schemas.remove(id)}>
          Remove
        </Button>
      </span>
    </p>
  );
}
