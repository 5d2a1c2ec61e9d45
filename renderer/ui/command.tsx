/** A command line to copy. */
import { Button } from '@fluentui/react-components';
import { CopyRegular } from '@fluentui/react-icons';
import { useState } from 'react';
import { copyText } from './copy-text.ts';

export function Command({ text, testId }: { readonly text: string; readonly testId: string }) {
  const [copied, setCopied] = useState(false);
  return (
    <span className="command">
      <code>{text}</code>
      <Button
        size="small"
        appearance="subtle"
        icon={<CopyRegular />}
        aria-label={`Copy: ${text}`}
        title="Copy"
        data-testid={testId}
        onClick={() => setCopied(copyText(text))}
      />
      {copied && <span className="quiet">copied</span>}
    </span>
  );
}
