/** The menu of the selected row: what can be done with it, first of all with the cell that was clicked. */
import { Menu, MenuDivider, MenuItem, MenuList, MenuPopover, MenuTrigger } from '@fluentui/react-components';
import { Fragment, useEffect, useMemo } from 'react';
import { type MenuGroup, menuGroups } from '../../model/row-menu.ts';
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
  const groups = menuGroups(rowVerbs(app, row, word), place.column ?? 'message');
  return (
    <Menu
      open
      positioning={{
        target: targetOf(app.view.store.getState().selection?.focus.position ?? 0, place),
        position: 'below',
        align: 'start',
        // Moved up over the pointer's place rather than cut there: what every row offers is at its end.
        shiftToCoverTarget: true,
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
          {word !== '' && <CopyWord word={word} chosen={chosen} />}
          {groups.map((group, at) => (
            <Fragment key={group.name}>
              {(at > 0 || word !== '') && group.name !== 'word' && <MenuDivider />}
              <Verbs verbs={group.verbs} />
              {group.more.length > 0 && <More group={group} />}
            </Fragment>
          ))}
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

function More({ group: { name, more, moreLabel } }: { readonly group: MenuGroup<RowVerb> }) {
  return (
    <Menu>
      <MenuTrigger disableButtonEnhancement>
        <MenuItem data-testid={`row-more-${name}`}>{moreLabel}</MenuItem>
      </MenuTrigger>
      <MenuPopover>
        <MenuList className="row-menu">
          <Verbs verbs={more} />
        </MenuList>
      </MenuPopover>
    </Menu>
  );
}

function CopyWord({ word, chosen }: { readonly word: string; readonly chosen: boolean }) {
  return (
    <MenuItem data-testid="row-copy-word" onClick={() => copyText(word)}>
      <span className="row-verb">{chosen ? 'Copy selected text' : 'Copy this word'}</span>
    </MenuItem>
  );
}

function UndoItem() {
  const app = useApp();
  const some = useFilter(({ past }) => past.before.length > 0);
  if (!some) return null;
  return (
    <MenuItem data-testid="row-undo" secondaryContent={keyFor('undoFilter')} onClick={app.filter.undo}>
      Undo the last change of the filter
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
