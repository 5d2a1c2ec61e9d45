/** Where a question in SQL is written: the text, the buttons that ask and stop, what was asked earlier. */
import { Button, Menu, MenuItem, MenuList, MenuPopover, MenuTrigger } from '@fluentui/react-components';
import { HistoryRegular, PlayRegular, StopFilled } from '@fluentui/react-icons';
import { type KeyboardEvent, useEffect, useRef } from 'react';
import { MAX_SQL_TEXT } from '../../electron/contract/limits.ts';
import { EXAMPLES, oneLine, progressWords, TABLE_COLUMNS } from '../model/sql.ts';
import { useApp, useSql, useSqlEditor } from './app-context.ts';

export function SqlEditor() {
  const app = useApp();
  const text = useSqlEditor((editor) => editor.text);
  const box = useRef<HTMLTextAreaElement>(null);
  useEffect(() => box.current?.focus(), []);
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    void app.sql.run();
  };
  /** Puts a name where the cursor is. */
  const insert = (name: string): void => {
    const area = box.current;
    if (area === null) return;
    area.focus();
    const { selectionStart, selectionEnd } = area;
    app.sqlEditor.setText(text.slice(0, selectionStart) + name + text.slice(selectionEnd));
    const at = selectionStart + name.length;
    requestAnimationFrame(() => area.setSelectionRange(at, at));
  };
  return (
    <div className="sql-editor">
      <textarea
        ref={box}
        className="field sql-text"
        aria-label="Question in SQL"
        placeholder="from log limit 100"
        spellCheck={false}
        maxLength={MAX_SQL_TEXT + 1}
        value={text}
        data-testid="sql-text"
        onChange={(event) => app.sqlEditor.setText(event.target.value)}
        onKeyDown={onKeyDown}
      />
      <div className="sql-actions">
        <RunButton />
        <EarlierMenu />
        <Progress />
      </div>
      <p className="sql-columns">
        <span className="none">Columns of log:</span>
        {TABLE_COLUMNS.map(({ name, tip }) => (
          <button key={name} type="button" className="link-text" title={`${name}: ${tip}`} onClick={() => insert(name)}>
            {name}
          </button>
        ))}
      </p>
    </div>
  );
}

function RunButton() {
  const app = useApp();
  const running = useSql((sql) => sql.running);
  return running ? (
    <Button size="small" icon={<StopFilled />} data-testid="sql-stop" onClick={app.sql.stop}>
      Stop
    </Button>
  ) : (
    <Button
      size="small"
      appearance="primary"
      icon={<PlayRegular />}
      title="Run (Ctrl+Enter)"
      data-testid="sql-run"
      onClick={() => void app.sql.run()}
    >
      Run
    </Button>
  );
}

/** What was asked earlier, and examples. */
function EarlierMenu() {
  const app = useApp();
  const earlier = useSqlEditor((editor) => editor.earlier);
  return (
    <Menu positioning="above-start">
      <MenuTrigger disableButtonEnhancement>
        <Button
          size="small"
          appearance="subtle"
          icon={<HistoryRegular />}
          title="Questions that were asked, and examples"
          data-testid="sql-earlier"
        >
          Earlier
        </Button>
      </MenuTrigger>
      <MenuPopover className="sql-menu">
        <MenuList>
          {earlier.map((sql) => (
            <MenuItem key={sql} title={sql} data-testid="sql-earlier-item" onClick={() => app.sqlEditor.setText(sql)}>
              <code>{oneLine(sql)}</code>
            </MenuItem>
          ))}
          {EXAMPLES.map(({ title, sql }) => (
            <MenuItem key={title} title={sql} onClick={() => app.sqlEditor.setText(sql)}>
              Example: {title}
            </MenuItem>
          ))}
        </MenuList>
      </MenuPopover>
    </Menu>
  );
}

function Progress() {
  const running = useSql((sql) => sql.running);
  const progress = useSql((sql) => sql.progress);
  if (!running) return null;
  const converting = progress?.step === 'converting' ? progress : null;
  return (
    <span className="sql-progress" role="status" data-testid="sql-progress">
      {progressWords(progress)}
      <progress
        aria-label="How far the question is"
        {...(converting === null ? {} : { value: converting.rows / Math.max(1, converting.totalRows) })}
      />
    </span>
  );
}
