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
import type { ExportFormat, ExportRequest } from '../../electron/contract/output.ts';
import { formatCount } from '../model/format.ts';
import { selectedCount } from '../model/selection.ts';
import type { ViewState } from '../store/view-state.ts';
import { useApp, useView } from './app-context.ts';

const FORMATS: readonly { readonly format: ExportFormat; readonly label: string }[] = [
  { format: 'text', label: 'Text' },
  { format: 'csv', label: 'CSV' },
  { format: 'jsonl', label: 'JSON Lines' },
];

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
  return (
    <MenuGroup>
      <MenuGroupHeader>
        {NAMES[scope]}, {formatCount(rows)} rows
      </MenuGroupHeader>
      {FORMATS.map(({ format, label }) => (
        <MenuItem
          key={format}
          data-testid={`export-${scope}-${format}`}
          {...(scope === 'filtered' && format === 'text' ? { secondaryContent: 'Ctrl+S' } : {})}
          onClick={() => {
            const range = scope === 'selection' ? app.selectedRange() : null;
            void app.exports.start(scope, format, range ?? undefined);
          }}
        >
          {label}
        </MenuItem>
      ))}
    </MenuGroup>
  );
}
