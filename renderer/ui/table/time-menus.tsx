/**
 * The menus on the heads of the columns of times and of deltas: which time is shown, how many digits of it, and from
 * where deltas are measured.
 */
import { MenuDivider, MenuGroup, MenuGroupHeader, MenuItem, MenuItemRadio, MenuList } from '@fluentui/react-components';
import { type DeltaBase, shownKind, type TimeDigits, type TimeKind } from '../../../electron/contract/shown-time.ts';
import { formatCount } from '../../model/format.ts';
import { type ColumnHead, DIGIT_ITEMS, kindItems, type Reference } from '../../model/time-columns.ts';
import type { App } from '../../store/app.ts';
import { keyFor } from '../../store/commands.ts';
import { useApp, useMeasure, useStatus, useUi } from '../app-context.ts';
import { type ColumnHeadProps, ColumnItems, HeadMenu } from './head-menu.tsx';

interface TimeMenuProps extends ColumnHeadProps {
  readonly head: ColumnHead;
}

/** The head says how times are shown, rather than its name: who hears it is told both. */
const namedBy = ({ label, tip }: ColumnHead, name: string) => ({
  ...{ label, tip },
  name: label.startsWith(name) ? label : `${name}, ${label}`,
});

export function TimeMenu({ head, column, shown }: TimeMenuProps) {
  const app = useApp();
  const chosen = useUi((ui) => ui.times.kind);
  const digits = useUi((ui) => ui.times.digits);
  const startUnixMs = useStatus(({ status }) => status?.origin.startUnixMs ?? null);
  const bootNs = useStatus(({ status }) => status?.origin.bootNs ?? null);
  const origin = { startUnixMs, bootNs };
  return (
    <HeadMenu {...{ column, shown }} {...namedBy(head, 'time')}>
      <MenuList
        data-testid="time-choices"
        checkedValues={{ kind: [shownKind(chosen, origin)], digits: [digits] }}
        onCheckedValueChange={(_, { name, checkedItems: [value] }) => {
          if (name === 'kind') app.ui.setTimes({ kind: value as TimeKind });
          else app.ui.setTimes({ digits: value as TimeDigits });
        }}
      >
        <MenuGroup>
          <MenuGroupHeader>Times, {keyFor('nextTimes')}</MenuGroupHeader>
          {kindItems(origin).map(({ kind, label }) => (
            <MenuItemRadio key={kind} name="kind" value={kind} data-testid={`time-${kind}`}>
              {label}
            </MenuItemRadio>
          ))}
        </MenuGroup>
        <MenuDivider />
        <DigitItems />
        <MenuDivider />
        <ColumnItems column={column} shown={shown} />
      </MenuList>
    </HeadMenu>
  );
}

function DigitItems() {
  return (
    <MenuGroup>
      <MenuGroupHeader>Digits</MenuGroupHeader>
      {DIGIT_ITEMS.map(({ digits, label }) => (
        <MenuItemRadio key={digits} name="digits" value={digits} data-testid={`digits-${digits}`}>
          {label}
        </MenuItemRadio>
      ))}
    </MenuGroup>
  );
}

async function goToReference(app: App, { index }: Reference): Promise<void> {
  const failed = await app.goTo(`${index}`);
  if (failed !== null) app.ui.notify({ severity: 'info', message: failed, action: '' });
}

export function DeltaMenu({ head, column, shown }: TimeMenuProps) {
  const app = useApp();
  const base = useUi((ui) => ui.times.delta);
  const digits = useUi((ui) => ui.times.digits);
  const reference = useMeasure((measure) => measure.reference);
  const fromReference = useMeasure((measure) => measure.fromReference);
  const from = reference !== null && fromReference ? 'reference' : base;
  return (
    <HeadMenu {...{ column, shown }} {...namedBy(head, 'delta')}>
      <MenuList
        data-testid="delta-choices"
        checkedValues={{ from: [from], digits: [digits] }}
        onCheckedValueChange={(_, { name, checkedItems: [value] }) => {
          if (name === 'digits') app.ui.setTimes({ digits: value as TimeDigits });
          else if (value === 'reference') app.measure.setFromReference(true);
          else {
            app.measure.setFromReference(false);
            app.ui.setTimes({ delta: value as DeltaBase });
          }
        }}
      >
        <MenuGroup>
          <MenuGroupHeader>Time since</MenuGroupHeader>
          <MenuItemRadio name="from" value="row" data-testid="delta-row">
            The row above
          </MenuItemRadio>
          <MenuItemRadio name="from" value="cpu" data-testid="delta-cpu">
            The record above of the same CPU
          </MenuItemRadio>
          <MenuItemRadio name="from" value="reference" disabled={reference === null} data-testid="delta-reference">
            {reference === null
              ? `A row you measure from (none is set, ${keyFor('measure')})`
              : `Record ${formatCount(reference.index)}, which you measure from`}
          </MenuItemRadio>
        </MenuGroup>
        {reference !== null && (
          <>
            <MenuItem data-testid="delta-go" onClick={() => void goToReference(app, reference)}>
              Go to that record
            </MenuItem>
            <MenuItem data-testid="delta-clear" onClick={app.measure.clear}>
              Measure from it no longer
            </MenuItem>
          </>
        )}
        <MenuDivider />
        <DigitItems />
        <MenuDivider />
        <ColumnItems column={column} shown={shown} />
      </MenuList>
    </HeadMenu>
  );
}
