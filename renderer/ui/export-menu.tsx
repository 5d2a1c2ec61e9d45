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
import type { ExportFormat, ExportRequest } from '../../electron/contract/channels.ts';
import { formatCount } from '../model/format.ts';
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
          <ScopeItems scope="filtered" />
          <ScopeItems scope="all" />
        </MenuList>
      </MenuPopover>
    </Menu>
  );
}

function ScopeItems({ scope }: { readonly scope: ExportRequest['scope'] }) {
  const app = useApp();
  const rows = useView((view) => (scope === 'all' ? view.sessionRows : view.end - view.first));
  return (
    <MenuGroup>
      <MenuGroupHeader>
        {scope === 'all' ? 'Everything' : 'What is shown'}, {formatCount(rows)} rows
      </MenuGroupHeader>
      {FORMATS.map(({ format, label }) => (
        <MenuItem
          key={format}
          data-testid={`export-${scope}-${format}`}
          {...(scope === 'filtered' && format === 'text' ? { secondaryContent: 'Ctrl+S' } : {})}
          onClick={() => void app.exports.start(scope, format)}
        >
          {label}
        </MenuItem>
      ))}
    </MenuGroup>
  );
}
