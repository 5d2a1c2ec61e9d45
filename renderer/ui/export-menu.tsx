/** What to export and as what. */
import {
  Button,
  Menu,
  MenuGroup,
  MenuGroupHeader,
  MenuItem,
  MenuList,
  MenuPopover,
  MenuTrigger,
} from '@fluentui/react-components';
import { ArrowDownloadRegular } from '@fluentui/react-icons';
import { EXPORT_FORMATS, type ExportFormat } from '../../electron/contract/export-formats.ts';
import type { ExportRequest } from '../../electron/contract/output.ts';
import { formatCount } from '../model/format.ts';
import { selectedCount } from '../model/selection.ts';
import type { ViewState } from '../store/view-state.ts';
import { useApp, useView } from './app-context.ts';

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
          title="Export (Ctrl+S exports what is shown, as text)"
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
        </MenuList>
      </MenuPopover>
    </Menu>
  );
}

/** Offered where it differs from what is shown and from a look at one row. */
function SelectionItems() {
  const several = useView((view) => selectedCount(view.selection) > 1);
  return several ? <ScopeItems scope="selection" /> : null;
}

const NAMES = { all: 'Everything', filtered: 'What is shown', selection: 'The selection' } as const;

function rowsOf(scope: ExportRequest['scope'], view: ViewState): number {
  if (scope === 'selection') return selectedCount(view.selection);
  return scope === 'all' ? view.sessionRows : view.end - view.first;
}

function ScopeItems({ scope }: { readonly scope: ExportRequest['scope'] }) {
  const app = useApp();
  const rows = useView((view) => rowsOf(scope, view));
  const start = (format: ExportFormat): void => {
    const range = scope === 'selection' ? app.selectedRange() : null;
    void app.exports.start(scope, format, range ?? undefined);
  };
  return (
    <MenuGroup>
      <MenuGroupHeader>
        {NAMES[scope]}, {formatCount(rows)} rows
      </MenuGroupHeader>
      {USUAL_FORMATS.map(({ name, title }) => (
        <MenuItem
          key={name}
          data-testid={`export-${scope}-${name}`}
          {...(scope === 'filtered' && name === 'text' ? { secondaryContent: 'Ctrl+S' } : {})}
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
