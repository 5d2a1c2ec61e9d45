/** The bar for a copy that is running, or for a selection too large for the clipboard. */
import { Button, MessageBar, MessageBarActions, MessageBarBody, MessageBarTitle } from '@fluentui/react-components';
import { DismissRegular } from '@fluentui/react-icons';
import type { ExportFormat } from '../../electron/contract/export-formats.ts';
import { formatBytes, formatCount } from '../model/format.ts';
import { useApp, useCopy } from './app-context.ts';

const FORMATS: readonly { readonly format: ExportFormat; readonly label: string }[] = [
  { format: 'text', label: 'Export as text' },
  { format: 'csv', label: 'CSV' },
  { format: 'jsonl', label: 'JSON Lines' },
];

export function CopyBar() {
  const app = useApp();
  const progress = useCopy((copy) => copy.progress);
  const offer = useCopy((copy) => copy.offer);
  if (progress) {
    return (
      <MessageBar intent="info" data-testid="copy-progress">
        <MessageBarBody>
          <span className="export-line">
            Copying {formatCount(progress.rows)} of {formatCount(progress.totalRows)} rows
            <progress
              className="export-progress"
              value={progress.rows / Math.max(1, progress.totalRows)}
              aria-label="Copy progress"
            />
          </span>
        </MessageBarBody>
        <MessageBarActions>
          <Button size="small" data-testid="copy-cancel" onClick={app.copy.cancel}>
            Cancel
          </Button>
        </MessageBarActions>
      </MessageBar>
    );
  }
  if (!offer) return null;
  return (
    <MessageBar intent="warning" data-testid="copy-offer">
      <MessageBarBody>
        <MessageBarTitle>
          {formatCount(offer.rows)} rows, about {formatBytes(offer.bytes)} of text, are too much for the clipboard.
        </MessageBarTitle>{' '}
        They can be written to a file.
      </MessageBarBody>
      <MessageBarActions
        containerAction={
          <Button
            appearance="transparent"
            size="small"
            icon={<DismissRegular />}
            aria-label="Dismiss"
            onClick={app.copy.dismissOffer}
          />
        }
      >
        {FORMATS.map(({ format, label }) => (
          <Button
            key={format}
            size="small"
            data-testid={`copy-export-${format}`}
            onClick={() => {
              app.copy.dismissOffer();
              void app.exports.start('selection', format, offer.range);
            }}
          >
            {label}
          </Button>
        ))}
      </MessageBarActions>
    </MessageBar>
  );
}
