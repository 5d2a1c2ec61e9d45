/** What to export and as what. */
import {
  Button,
  Menu,
  MenuDivider,
  MenuGroup,
  MenuGroupHeader,
  MenuItem,
  MenuItemCheckbox,
  MenuList,
  MenuPopover,
  MenuTrigger,
} from '@fluentui/react-components';
import { ArrowDownloadRegular } from '@fluentui/react-icons';
import { EXPORT_FORMATS, type ExportFormat } from '../../electron/contract/export-formats.ts';
import type { CopyFormat, ExportRequest } from '../../electron/contract/output.ts';
import { formatPlural } from '../model/format.ts';
import { selectedCount } from '../model/selection.ts';
import { type Command, keyFor } from '../store/commands.ts';
import type { ViewState } from '../store/view-state.ts';
import { useApp, useExports, useRun, useStatus, useUi, useView } from './app-context.ts';

/** At hand; all others are one menu further. */
const USUAL: readonly ExportFormat[] = ['text', 'csv', 'jsonl'];
const USUAL_FORMATS = EXPORT_FORMATS.filter(({ name }) => USUAL.includes(name));
const OTHER_FORMATS = EXPORT_FORMATS.filter(({ name }) => !USUAL.includes(name));

export function ExportMenu() {
  return (
    <Menu>
      <MenuTrigger disableButtonEnhancement>
        <Button
          size="small"
          appearance="subtle"
          icon={<ArrowDownloadRegular />}
          title={`Export (${keyFor('exportShown')} exports what is shown, as text)`}
          data-testid="export-menu"
        >
          <span className="label">Export</span>
        </Button>
      </MenuTrigger>
      <MenuPopover>
        <MenuList>
          <SelectionItems />
          <ScopeItems scope="filtered" />
          <ScopeItems scope="all" />
          <MenuDivider />
          <OptionItems />
          <MenuDivider />
          <LogItem />
          <LastItem />
        </MenuList>
      </MenuPopover>
    </Menu>
  );
}

/** Rows that come from now on, rather than those that are there. */
function LogItem() {
  const run = useRun();
  const logging = useStatus(({ status }) => (status?.fileLog ?? null) !== null);
  return (
    <MenuItem secondaryContent={keyFor('logToFile')} data-testid="log-to-file" onClick={() => run('logToFile')}>
      {logging ? 'Logging to a file' : 'Log to a file'}
    </MenuItem>
  );
}

/** The export that was done last: the status bar tells it for some seconds alone. */
function LastItem() {
  const { exports } = useApp();
  const some = useExports(({ last }) => last !== null);
  if (!some) return null;
  return (
    <MenuItem data-testid="export-show-last" onClick={exports.showLast}>
      Show the last export in its folder
    </MenuItem>
  );
}

/** A single selected row can be copied, but not exported: a file of one row would be of little use. */
function SelectionItems() {
  const selected = useView((view) => selectedCount(view.selection));
  return (
    <>
      {selected > 1 && <ScopeItems scope="selection" />}
      {selected > 0 && <CopyItems rows={selected} />}
    </>
  );
}

const COPIES: readonly { readonly format: CopyFormat; readonly title: string; readonly command: Command | null }[] = [
  { format: 'text', title: 'Text', command: 'copy' },
  { format: 'markdown', title: 'Markdown table', command: 'copyMarkdown' },
  { format: 'csv', title: 'CSV', command: null },
];

function CopyItems({ rows }: { readonly rows: number }) {
  const app = useApp();
  return (
    <MenuGroup>
      <MenuGroupHeader>Copy the selection, {formatPlural(rows, 'row')}</MenuGroupHeader>
      {COPIES.map(({ format, title, command }) => (
        <MenuItem
          key={format}
          data-testid={`copy-${format}`}
          {...(command === null ? {} : { secondaryContent: keyFor(command) })}
          onClick={() => void app.copySelection(format)}
        >
          {title}
        </MenuItem>
      ))}
    </MenuGroup>
  );
}

/** Of all exports and copies, until the window is closed. */
function OptionItems() {
  const { ui } = useApp();
  const { losses, spreadsheetSafe, context = false } = useUi(({ output }) => output);
  const around = useView((view) => view.contextEntries > 0);
  const options = { losses, spreadsheetSafe, context };
  const checked = Object.entries(options).flatMap(([name, on]) => (on ? [name] : []));
  return (
    <MenuList
      checkedValues={{ output: checked }}
      onCheckedValueChange={(_, { checkedItems }) =>
        ui.setOutput({
          losses: checkedItems.includes('losses'),
          spreadsheetSafe: checkedItems.includes('spreadsheetSafe'),
          context: checkedItems.includes('context'),
        })
      }
    >
      <MenuItemCheckbox name="output" value="losses" persistOnClick data-testid="export-losses">
        With loss markers
      </MenuItemCheckbox>
      {around && (
        <MenuItemCheckbox
          name="output"
          value="context"
          persistOnClick
          title="Write the rows around matches too; without it, what is shown is exported without them. A copy of selected rows always has them"
          data-testid="export-context"
        >
          With the rows around matches
        </MenuItemCheckbox>
      )}
      <MenuItemCheckbox
        name="output"
        value="spreadsheetSafe"
        persistOnClick
        title="A value that a spreadsheet would take for a formula is written with an apostrophe before it; reading the file here takes it off again"
        data-testid="export-safe"
      >
        CSV safe for spreadsheets
      </MenuItemCheckbox>
    </MenuList>
  );
}

/** What is written of a scope, in words: matches alone where rows around them are shown and were not asked for. */
function scopeWords(scope: ExportRequest['scope'], view: ViewState, withContext: boolean): string {
  const without = !withContext && view.contextEntries > 0;
  switch (scope) {
    case 'selection':
      return `The selection, ${formatPlural(selectedCount(view.selection), 'row')}${without ? ', matches of them' : ''}`;
    case 'all':
      return `Everything, ${formatPlural(view.sessionRows, 'row')}`;
    case 'filtered':
      return without
        ? `Matches, ${formatPlural(view.matchedEntries, 'record')}`
        : `What is shown, ${formatPlural(view.end - view.first, 'row')}`;
  }
}

function ScopeItems({ scope }: { readonly scope: ExportRequest['scope'] }) {
  const app = useApp();
  const withContext = useUi(({ output }) => output.context ?? false);
  const words = useView((view) => scopeWords(scope, view, withContext));
  const start = (format: ExportFormat): void => {
    const range = scope === 'selection' ? app.selecting.range() : null;
    void app.exports.start(scope, format, range ?? undefined);
  };
  return (
    <MenuGroup>
      <MenuGroupHeader>{words}</MenuGroupHeader>
      {USUAL_FORMATS.map(({ name, title }) => (
        <MenuItem
          key={name}
          data-testid={`export-${scope}-${name}`}
          {...(scope === 'filtered' && name === 'text' ? { secondaryContent: keyFor('exportShown') } : {})}
          onClick={() => start(name)}
        >
          {title}
        </MenuItem>
      ))}
      <Menu>
        <MenuTrigger disableButtonEnhancement>
          <MenuItem data-testid={`export-${scope}-more`}>More formats</MenuItem>
        </MenuTrigger>
        <MenuPopover>
          <MenuList>
            {OTHER_FORMATS.map(({ name, title }) => (
              <MenuItem key={name} data-testid={`export-${scope}-${name}`} onClick={() => start(name)}>
                {title}
              </MenuItem>
            ))}
          </MenuList>
        </MenuPopover>
      </Menu>
    </MenuGroup>
  );
}
