/** About a driver that Windows starts by itself: what it is set to, and how it began with that. Pure. */
import { type BootSettings, bootOutcome, START_WORDS } from '../core/boot.ts';
import type { BootWords } from '../core/ioctl.ts';
import type { Finding } from './facts.ts';

const PARAMETERS = 'HKLM\\SYSTEM\\CurrentControlSet\\Services\\ringview\\Parameters';
const SHOW = 'See them: ringview driver boot';

function warning(what: string, fix: string): Finding {
  return { severity: 'warning', what, fix };
}

/** What the registry says of the next start; null: it could not be read. */
export function judgeBootSettings(settings: BootSettings | null): Finding[] {
  if (settings === null) return [];
  const { start, overridden, wrong } = settings;
  const findings: Finding[] = [];
  if (overridden !== null && overridden !== start) {
    const what = `Windows starts the RingView driver ${START_WORDS[overridden]}: StartOverride is set beside its start type`;
    findings.push(
      warning(what, 'As administrator, remove the key StartOverride below the key of the service ringview'),
    );
  }
  if (wrong.length > 0) {
    findings.push(
      warning(`The driver will ignore ${wrong.join(', ')} in ${PARAMETERS}: no values that it takes`, SHOW),
    );
  }
  return findings;
}

/** How a loaded driver began; null: it does not say. */
export function judgeBegin(words: BootWords | null): Finding[] {
  if (words === null) return [];
  const { ignored, refused, unread, unlinked } = bootOutcome(words);
  const findings: Finding[] = [];
  if (unread) {
    findings.push(warning(`The driver could not read ${PARAMETERS} when it was loaded`, 'Restart it: it begins anew'));
  }
  if (ignored.length > 0) {
    const what = `The driver ignored ${ignored.join(', ')} in ${PARAMETERS}, and began with the standard`;
    findings.push(warning(what, `Rings together may take an eighth of the memory. ${SHOW}`));
  }
  if (refused.length > 0) {
    const what = `Windows refused the driver what ${refused.join(', ')} in ${PARAMETERS} asks for`;
    findings.push(warning(what, 'Ask for less, or switch captures on now: ringview driver status says what runs'));
  }
  if (unlinked) {
    findings.push(
      warning('Programs cannot open a device of the driver: its name could not be made', 'Restart Windows'),
    );
  }
  return findings;
}
