/** Goes to a global index, as an assert message or another log names it. */
import { Button } from '@fluentui/react-components';
import { DismissRegular } from '@fluentui/react-icons';
import { useState } from 'react';
import { useApp, useUi } from './app-context.ts';
import { focusTable } from './use-keys.ts';

export function GoToBar() {
  const open = useUi((ui) => ui.goTo);
  return open ? <OpenGoToBar /> : null;
}

function OpenGoToBar() {
  const app = useApp();
  const [text, setText] = useState('');
  const [trouble, setTrouble] = useState('');
  const close = () => {
    app.ui.setGoTo(false);
    focusTable();
  };
  const go = async () => {
    const digits = text.replace(/[\s,]/g, '');
    if (!/^\d{1,15}$/.test(digits)) {
      setTrouble('An index is a whole number, such as 10,021.');
      return;
    }
    if (await app.goToIndex(Number(digits))) close();
    else setTrouble('No row shown has this index or a later one.');
  };
  return (
    <div className="find-bar" role="search" data-testid="go-to-bar">
      <label className="bar-label" htmlFor="go-to-input">
        Go to index
      </label>
      <input
        id="go-to-input"
        className="field go-to-field"
        // The bar was opened to type into it.
        ref={(input) => input?.focus()}
        inputMode="numeric"
        value={text}
        data-testid="go-to-input"
        onChange={(event) => {
          setText(event.target.value);
          setTrouble('');
        }}
        onKeyDown={(event) => {
          if (event.key === 'Enter') void go();
        }}
      />
      <span className="find-outcome bad" role="status">
        {trouble}
      </span>
      <Button
        size="small"
        appearance="subtle"
        icon={<DismissRegular />}
        title="Close (Escape)"
        aria-label="Close"
        onClick={close}
      />
    </div>
  );
}
