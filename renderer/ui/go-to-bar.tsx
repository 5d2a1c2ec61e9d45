/** The bar to go to a time, or to a global index as another log or an assertion message names it. */
import { useState } from 'react';
import { goToFailure, MAX_GO_TO_TEXT } from '../../electron/contract/limits.ts';
import { failureSentences } from '../model/format.ts';
import { GO_TO_EXAMPLES } from '../model/go-to.ts';
import { useApp, useUi } from './app-context.ts';
import { BarClose } from './bar-close.tsx';
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
    const refusal = await app.goTo(text);
    if (refusal === null) close();
    else setTrouble(refusal);
  };
  return (
    <div className="find-bar" role="search" data-testid="go-to-bar">
      <label className="bar-label" htmlFor="go-to-input">
        Go to
      </label>
      <input
        id="go-to-input"
        className="field go-to-field"
        // Focused at once, because the bar was opened to type into it.
        ref={(input) => input?.focus()}
        placeholder={GO_TO_EXAMPLES}
        title="An index; or a time since the session began, such as +12.5s, 2:07 or -1h02:03; or a time of the clock, such as 14:03:22.5 or 2026-03-01T14:03:22 +01:00"
        spellCheck={false}
        value={text}
        maxLength={MAX_GO_TO_TEXT + 1}
        data-testid="go-to-input"
        onChange={(event) => {
          setText(event.target.value);
          const long = goToFailure(event.target.value);
          setTrouble(long ? failureSentences(long) : '');
        }}
        onKeyDown={(event) => {
          if (event.key === 'Enter') void go();
        }}
      />
      <span className="find-outcome bad" role="status" data-testid="go-to-trouble">
        {trouble}
      </span>
      <BarClose name="the go-to bar" onClose={close} />
    </div>
  );
}
