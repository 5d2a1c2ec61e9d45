/**
 * What the person highlights, in its order: of several that fit, the first wins. Not modal: the table shows what a highlight
 * does while the list is open.
 */
import { Button } from '@fluentui/react-components';
import { ArrowDownRegular, ArrowUpRegular, DeleteRegular } from '@fluentui/react-icons';
import { type FormEvent, useEffect, useState } from 'react';
import {
  COLOUR_NAMES,
  type ColourName,
  type ColourRule,
  MAX_RULE_TEXT,
  MOST_COLOUR_RULES,
  withRules,
} from '../../electron/contract/colour-rules.ts';
import { shownField } from '../../electron/contract/shown-text.ts';
import { useApp, useCarried, useColours, useRowPaint, useUi } from './app-context.ts';
import { FailureNote } from './failure-text.tsx';
import { SheetHeader } from './sheet-header.tsx';
import { focusTable } from './use-keys.ts';

export function HighlightsSheet() {
  return useUi((ui) => ui.highlights) ? <OpenSheet /> : null;
}

function OpenSheet() {
  const { colours, ui } = useApp();
  const rules = useColours((state) => state.rules);
  const failure = useColours((state) => state.failure);
  const carried = useCarried((state) => state.rules);
  const given = useRowPaint((state) => state.given);
  useEffect(() => void colours.refresh(), [colours]);
  const close = (): void => {
    ui.setHighlights(false);
    focusTable();
  };
  return (
    <div
      className="sheet bookmarks highlights"
      role="dialog"
      aria-label="Highlights"
      data-testid="highlights-sheet"
      data-own-keys=""
    >
      <SheetHeader title="Highlights" onClose={close} />
      <AddForm />
      <FailureNote failure={failure} testId="highlights-failure" />
      {given.map((text) => (
        <p key={text} className="warn" role="status">
          {`Rows are not coloured by ${shownField(text)}: an expression in it takes too long. Simplify it.`}
        </p>
      ))}
      {rules.length === 0 && carried.length === 0 && (
        <p className="note">
          Nothing is highlighted yet. Rows are chosen by what the filter box understands, such as level:error or "link
          up".
        </p>
      )}
      {rules.length > 0 && (
        <ol className="highlight-list" aria-label="Highlights, the first that fits wins">
          {rules.map((rule, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a place is what is changed, and texts may be the same
            <Item key={at} rule={rule} at={at} last={at === rules.length - 1} />
          ))}
        </ol>
      )}
      <CarriedRules />
      <footer>
        <span className="note">Exported and imported with the saved filters</span>
      </footer>
    </div>
  );
}

/** What the recording brings along that the person does not highlight themselves. */
function CarriedRules() {
  const { carried, colours } = useApp();
  const own = useColours((state) => state.rules);
  const rules = useCarried((state) => state.rules);
  const more = withRules(own, rules).slice(own.length);
  if (more.length === 0) return null;
  return (
    <section aria-label="Highlights of this recording" data-testid="highlights-carried">
      <p className="note carried-head">
        {`Highlighted while this was recorded, and here alone, behind yours: ${more.length.toLocaleString('en')}`}
        <Button
          size="small"
          data-testid="highlights-keep"
          onClick={() => void colours.keep(more).then((kept) => (kept ? carried.drop() : undefined))}
        >
          Keep as mine
        </Button>
        <Button size="small" data-testid="highlights-drop" onClick={() => void carried.drop()}>
          Not here
        </Button>
      </p>
      <ul className="highlight-list">
        {more.map((rule, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: texts may be the same
          <li key={at} className="carried">
            <span>{rule.of}</span>
            <span className={`sample word-${rule.colour}`}>{shownField(rule.text)}</span>
            {!rule.on && <span className="note">off</span>}
          </li>
        ))}
      </ul>
    </section>
  );
}

interface ChoiceProps {
  readonly of: ColourRule['of'];
  readonly colour: ColourName;
  readonly about: string;
  readonly onOf: (of: ColourRule['of']) => void;
  readonly onColour: (colour: ColourName) => void;
}

function Choices({ of, colour, about, onOf, onColour }: ChoiceProps) {
  return (
    <>
      <select
        aria-label={`What ${about} colours`}
        value={of}
        data-testid="highlight-of"
        onChange={(event) => onOf(event.target.value as ColourRule['of'])}
      >
        <option value="rows">rows</option>
        <option value="words">words</option>
      </select>
      <select
        className={`sample word-${colour}`}
        aria-label={`Colour of ${about}`}
        value={colour}
        data-testid="highlight-colour"
        onChange={(event) => onColour(event.target.value as ColourName)}
      >
        {COLOUR_NAMES.map((name) => (
          <option key={name} value={name} className={`word-${name}`}>
            {name}
          </option>
        ))}
      </select>
    </>
  );
}

function AddForm() {
  const { colours } = useApp();
  const full = useColours(({ rules }) => rules.length >= MOST_COLOUR_RULES);
  const [of, setOf] = useState<ColourRule['of']>('rows');
  const [colour, setColour] = useState<ColourName>(colours.nextColour);
  const [text, setText] = useState('');
  const possible = text.trim() !== '' && !full;
  const add = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (!possible || !(await colours.add(made(of, { text, caseSensitive: false, colour, on: true })))) return;
    setText('');
    setColour(colours.nextColour());
  };
  return (
    <form className="highlight-add" onSubmit={(event) => void add(event)}>
      <Choices of={of} colour={colour} about="the new highlight" onOf={setOf} onColour={setColour} />
      <input
        // The sheet was opened to type into it.
        // biome-ignore lint/a11y/noAutofocus: as above
        autoFocus
        className="field highlight-text"
        aria-label="Text of the new highlight"
        placeholder={of === 'rows' ? 'A filter, such as level:error or "link up"' : 'A word, or a part of a message'}
        value={text}
        maxLength={MAX_RULE_TEXT + 1}
        spellCheck={false}
        data-testid="highlight-new"
        onChange={(event) => setText(event.target.value)}
      />
      <Button size="small" type="submit" disabledFocusable={!possible} data-testid="highlight-add">
        Add
      </Button>
    </form>
  );
}

/** A rule of rows or of words; a text of words is no expression at first. */
function made(of: ColourRule['of'], shared: Pick<ColourRule, 'text' | 'caseSensitive' | 'colour' | 'on'>): ColourRule {
  return of === 'rows' ? { of, ...shared } : { of, regex: false, ...shared };
}

function Item({ rule, at, last }: { readonly rule: ColourRule; readonly at: number; readonly last: boolean }) {
  const { colours } = useApp();
  const about = shownField(rule.text);
  const change = (to: ColourRule): void => void colours.change(at, to);
  return (
    <li className={`highlight-item${rule.on ? '' : ' off'}`} data-testid="highlight-item">
      <input
        type="checkbox"
        aria-label={`Highlight ${about}`}
        checked={rule.on}
        data-testid="highlight-on"
        onChange={() => change({ ...rule, on: !rule.on })}
      />
      <Choices
        of={rule.of}
        colour={rule.colour}
        about={about}
        onOf={(of) => {
          const { text, caseSensitive, colour, on } = rule;
          change(made(of, { text, caseSensitive, colour, on }));
        }}
        onColour={(colour) => change({ ...rule, colour })}
      />
      <TextField key={rule.text} rule={rule} onDone={(text) => change({ ...rule, text })} />
      <span className="switches">
        <Switch
          label="Aa"
          name={`Match case of ${about}`}
          on={rule.caseSensitive}
          onSwitch={() => change({ ...rule, caseSensitive: !rule.caseSensitive })}
        />
        {rule.of === 'words' && (
          <Switch
            label=".*"
            name={`${about} is an expression`}
            on={rule.regex}
            onSwitch={() => change({ ...rule, regex: !rule.regex })}
          />
        )}
      </span>
      <Button
        size="small"
        appearance="subtle"
        icon={<ArrowUpRegular />}
        aria-label={`${about} before the one above`}
        title="Up"
        disabledFocusable={at === 0}
        data-testid="highlight-up"
        onClick={() => void colours.move(at, -1)}
      />
      <Button
        size="small"
        appearance="subtle"
        icon={<ArrowDownRegular />}
        aria-label={`${about} behind the one below`}
        title="Down"
        disabledFocusable={last}
        onClick={() => void colours.move(at, 1)}
      />
      <Button
        size="small"
        appearance="subtle"
        icon={<DeleteRegular />}
        aria-label={`Delete ${about}`}
        title="Delete"
        data-testid="highlight-delete"
        onClick={() => void colours.remove(at)}
      />
    </li>
  );
}

interface SwitchProps {
  readonly label: string;
  readonly name: string;
  readonly on: boolean;
  readonly onSwitch: () => void;
}

function Switch({ label, name, on, onSwitch }: SwitchProps) {
  return (
    <button type="button" className="mini" aria-pressed={on} aria-label={name} title={name} onClick={onSwitch}>
      {label}
    </button>
  );
}

/** Enter or leaving it changes the rule, Escape leaves it as it was. */
function TextField({ rule, onDone }: { readonly rule: ColourRule; readonly onDone: (text: string) => void }) {
  const [text, setText] = useState(rule.text);
  const done = (): void => {
    if (text !== rule.text) onDone(text);
  };
  return (
    <input
      className="field highlight-text"
      aria-label={`Text of ${shownField(rule.text)}`}
      value={text}
      maxLength={MAX_RULE_TEXT + 1}
      spellCheck={false}
      data-testid="highlight-text"
      onChange={(event) => setText(event.target.value)}
      onBlur={done}
      onKeyDown={(event) => {
        if (event.key === 'Enter') done();
        if (event.key !== 'Escape' || text === rule.text) return;
        event.stopPropagation();
        setText(rule.text);
      }}
    />
  );
}
