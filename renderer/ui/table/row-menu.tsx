/** The menu of the selected row: what can be done with it, first of all with the cell that was clicked. */
import { Menu, MenuDivider, MenuItem, MenuList, MenuPopover } from '@fluentui/react-components';
import { useEffect, useMemo } from 'react';
import { keyFor } from '../../store/commands.ts';
import { type RowVerb, rowVerbs, verbRow } from '../../store/row-verbs.ts';
import type { RowMenuPlace } from '../../store/ui.ts';
import { useApp, useDecoding, useFilter, useUi, useView } from '../app-context.ts';
import { copyText } from '../copy-text.ts';
import { focusTable } from '../use-keys.ts';
import { rowId } from './row-element.ts';
import { selectedText } from './text-drag.ts';

export function RowMenu() {
  const app = useApp();
  const place = useUi((ui) => ui.rowMenu);
  const word = useMemo(() => (place === null ? '' : wordOf(place)), [place]);
  const chosen = word !== '' && selectedText(document.body)?.text === word;
  // The row may still be on its way where it was out of sight.
  const row = useView(() => (place === null ? undefined : verbRow(app)));
  // Some verbs are about codes in the message, and there once it is known what codes mean.
  useDecoding();
  useEffect(() => {
    if (place !== null) void app.decoder.load();
  }, [app, place]);
  if (place === null || row === undefined) return null;
  // Each cell could be highlighted: only what was clicked is offered, or the menu would be twice as long.
  const verbs = rowVerbs(app, row, word).filter(
    ({ id, column }) => !id.startsWith('highlight-') || column === 'word' || column === (place.column ?? 'message'),
  );
  const ofWord = verbs.filter(({ column }) => column === 'word');
  const first = verbs.filter(({ column }) => column !== null && column === place.column);
  const others = verbs.filter((verb) => !first.includes(verb) && !ofWord.includes(verb));
  return (
    <Menu
      open
      positioning={{
        target: targetOf(app.view.store.getState().selection?.focus.position ?? 0, place),
        position: 'below',
        align: 'start',
        // Longer than a low window is high: it scrolls then.
        autoSize: 'height',
      }}
      onOpenChange={(_, { open }) => {
        if (open) return;
        app.ui.closeRowMenu();
        focusTable();
      }}
    >
      <MenuPopover>
        <MenuList className="row-menu" data-testid="row-menu">
          {word !== '' && chosen && <CopyWord word={word} label="Copy selected text" />}
          <Verbs verbs={ofWord} />
          {word !== '' && !chosen && <CopyWord word={word} label="Copy this word" />}
          {word !== '' && <MenuDivider />}
          <Verbs verbs={first} />
          {first.length > 0 && <MenuDivider />}
          <Verbs verbs={others.filter(({ column }) => column !== null)} />
          <MenuDivider />
          <Verbs verbs={others.filter(({ column }) => column === null)} />
          <UndoItem />
        </MenuList>
      </MenuPopover>
    </Menu>
  );
}

function Verbs({ verbs }: { readonly verbs: readonly RowVerb[] }) {
  return verbs.map(({ id, label, command, run }) => (
    <MenuItem
      key={id}
      data-testid={`row-${id}`}
      {...(command === undefined ? {} : { secondaryContent: keyFor(command) })}
      onClick={run}
    >
      <span className="row-verb">{label}</span>
    </MenuItem>
  ));
}

/** Asked for by a key, it is the text that is selected, if any is. */
const wordOf = ({ at, word }: RowMenuPlace): string =>
  at === null && word === '' ? (selectedText(document.body)?.text ?? '') : word;

function CopyWord({ word, label }: { readonly word: string; readonly label: string }) {
  return (
    <MenuItem data-testid="row-copy-word" onClick={() => copyText(word)}>
      <span className="row-verb">{label}</span>
    </MenuItem>
  );
}

function UndoItem() {
  const app = useApp();
  const some = useFilter(({ past }) => past.before.length > 0);
  if (!some) return null;
  return (
    <MenuItem data-testid="row-undo" secondaryContent={keyFor('undoFilter')} onClick={app.filter.undo}>
      Undo the filter
    </MenuItem>
  );
}

/** What the menu opens at: the pointer, or the row where a key asked for it. */
function targetOf(position: number, { at }: RowMenuPlace) {
  return {
    getBoundingClientRect: () => {
      const row = document.getElementById(rowId(position))?.getBoundingClientRect();
      return at === null && row !== undefined
        ? new DOMRect(row.left + 40, row.top, 0, row.height)
        : new DOMRect(at?.x ?? 0, at?.y ?? 0, 0, 0);
    },
  };
}
