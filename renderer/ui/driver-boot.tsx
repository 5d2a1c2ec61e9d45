/** When Windows starts ringview.sys, and with what it begins then: from the first second of the boot on, if that is wanted. */
import { Button } from '@fluentui/react-components';
import { type ReactElement, useEffect, useState } from 'react';
import {
  type BootSettings,
  CAPTURE_NAMES,
  type DriverReport,
  START_CHOICES,
  START_WORDS,
  type StartChoice,
} from '../../electron/contract/machine.ts';
import { type BootForm, formOf, sameForm, sizesWith, sizeText } from '../model/boot-form.ts';
import { useApp, useDriver } from './app-context.ts';

const MODE_WORDS: Record<BootForm['ringMode'], string> = { drop: 'keeps the oldest', overwrite: 'keeps the newest' };
const ORDER_WORDS: Record<BootForm['orderMode'], string> = { index: 'by index', clock: 'by the clock' };
/** Why it can be chosen at all: what each start is good for. */
const START_HELP: Record<StartChoice, string> = {
  demand: 'It logs from the moment it is started here or by a command',
  auto: 'It logs before anybody logs on, not from the begin of the boot',
  system: 'It logs before the first program, after the drivers of the boot loader',
  boot: 'It logs from the first second, as one of the first drivers that the boot loader loads',
};

export function DriverBoot({ report }: { readonly report: DriverReport }): ReactElement | null {
  return report.boot === null ? null : <Form settings={report.boot} elevated={report.elevated !== false} />;
}

function Form({ settings, elevated }: { readonly settings: BootSettings; readonly elevated: boolean }) {
  const app = useApp();
  const busy = useDriver(({ changing }) => changing !== null);
  const set = formOf(settings);
  const [form, edit] = useState(set);
  const told = JSON.stringify(set);
  // What was set, here or elsewhere, is what the form begins with again.
  useEffect(() => edit(JSON.parse(told) as BootForm), [told]);
  const changed = !sameForm(form, set);
  const locked = !elevated || busy;
  return (
    <fieldset className="driver-boot" disabled={locked} data-testid="driver-boot">
      <legend>from its next start on</legend>
      <Choice
        label="starts"
        testId="boot-start"
        value={form.start}
        values={START_CHOICES.map((start) => [start, START_WORDS[start]])}
        help={START_HELP[form.start]}
        choose={(start) => edit({ ...form, start })}
      />
      <Choice
        label="ring of a CPU"
        testId="boot-ring-bytes"
        value={String(form.ringBytes)}
        values={sizesWith(form.ringBytes).map((bytes) => [String(bytes), sizeText(bytes)])}
        help="Until a reader comes all has to fit: what does not is counted. All rings take an eighth of the memory at most"
        choose={(bytes) => edit({ ...form, ringBytes: Number(bytes) })}
      />
      <Choice
        label="a full ring"
        testId="boot-ring-mode"
        value={form.ringMode}
        values={(['drop', 'overwrite'] as const).map((mode) => [mode, MODE_WORDS[mode]])}
        help="Of a boot that nobody reads: its begin, or the last before a reader comes"
        choose={(ringMode) => edit({ ...form, ringMode })}
      />
      <Choice
        label="order"
        testId="boot-order"
        value={form.orderMode}
        values={(['index', 'clock'] as const).map((order) => [order, ORDER_WORDS[order]])}
        help="By index is exact; by the clock costs less with many CPUs"
        choose={(orderMode) => edit({ ...form, orderMode })}
      />
      <span className="driver-boot-captures">
        {CAPTURE_NAMES.map((name) => (
          <label key={name} title="Captured from its start on">
            <input
              type="checkbox"
              checked={form.captures.includes(name)}
              data-testid={`boot-capture-${name}`}
              onChange={(event) => {
                const others = form.captures.filter((each) => each !== name);
                edit({ ...form, captures: event.target.checked ? [...others, name] : others });
              }}
            />
            {name}
          </label>
        ))}
      </span>
      {settings.overridden !== null && (
        <p className="note">Windows goes by StartOverride instead: it starts {START_WORDS[settings.overridden]}.</p>
      )}
      {settings.wrong.length > 0 && (
        <p className="note">It will ignore {settings.wrong.join(', ')} in the registry: not what it takes.</p>
      )}
      {changed && (
        <span className="driver-actions">
          <Button
            size="small"
            appearance="primary"
            data-testid="boot-set"
            title="Writes it to the registry; a driver that is loaded stays as it is. Needs the rights of an administrator."
            onClick={() => void app.driver.setBoot(form)}
          >
            Set
          </Button>
          <Button size="small" data-testid="boot-revert" onClick={() => edit(set)}>
            Revert
          </Button>
        </span>
      )}
    </fieldset>
  );
}

function Choice<T extends string>({
  label,
  testId,
  value,
  values,
  help,
  choose,
}: {
  readonly label: string;
  readonly testId: string;
  readonly value: T;
  readonly values: readonly (readonly [T, string])[];
  readonly help: string;
  readonly choose: (value: T) => void;
}) {
  return (
    <label title={help}>
      {label}
      <select
        className="field"
        value={value}
        data-testid={testId}
        onChange={(event) => {
          const chosen = values.find(([each]) => each === event.target.value);
          if (chosen !== undefined) choose(chosen[0]);
        }}
      >
        {values.map(([each, words]) => (
          <option key={each} value={each}>
            {words}
          </option>
        ))}
      </select>
    </label>
  );
}
