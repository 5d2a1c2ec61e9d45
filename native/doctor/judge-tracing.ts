/** From what Windows says of its logging sessions to findings. Pure. */
import { LOG_MODE } from '../win32/tracing/structures.ts';
import type { Finding, TracingFacts } from './facts.ts';

const NT_KERNEL_LOGGER = 'NT Kernel Logger';
/** System loggers that Windows has beside the NT Kernel Logger, and sessions in all unless it was told otherwise. */
const MOST_SYSTEM_LOGGERS = 8;
const USUAL_SESSIONS = 64;
/** Sessions that a machine may come to need suddenly. */
const SPARE_SESSIONS = 4;
const LEVEL_NAMES: Readonly<Record<number, string>> = { 1: 'critical', 2: 'error', 3: 'warning' };

/** The findings about logging sessions. */
export function judgeTracing({ sessions, leftBehind, weak }: TracingFacts): Finding[] {
  if (!sessions.ok) {
    const { message, action } = sessions.failure;
    return [{ severity: 'note', what: message, fix: action, failure: sessions.failure }];
  }
  const findings: Finding[] = [];
  const all = sessions.value;
  if (leftBehind.length > 0) {
    const what = `RingView left logging sessions behind when it was killed: ${leftBehind.join(', ')}`;
    findings.push({ severity: 'warning', what, fix: 'Stop them: ringview traces clean' });
  }
  if (all.length + SPARE_SESSIONS >= USUAL_SESSIONS) {
    const what = `${all.length} logging sessions run, of the ${USUAL_SESSIONS} that Windows usually has`;
    findings.push({ severity: 'warning', what, fix: 'Stop those that are not needed: ringview traces lists them' });
  }
  const system = all.filter(({ mode }) => (mode & LOG_MODE.SYSTEM_LOGGER) !== 0);
  if (system.length >= MOST_SYSTEM_LOGGERS) {
    const what = `All system loggers are taken, by ${system.map(({ name }) => name).join(', ')}: etw:kernel is refused`;
    findings.push({ severity: 'warning', what, fix: 'Stop one of them where it was started' });
  }
  const kernel = all.find(({ name }) => name === NT_KERNEL_LOGGER);
  if (kernel !== undefined) {
    const where = kernel.logFile === '' ? '' : `, it writes into ${kernel.logFile}`;
    const what = `The NT Kernel Logger is in use${where}: etw:kernel leaves it alone, and is a logger of its own`;
    findings.push({ severity: 'note', what, fix: null });
  }
  for (const { name, eventsLost, readBuffersLost } of all) {
    if (eventsLost + readBuffersLost === 0) continue;
    const what = `The logging session ${name} has lost ${eventsLost} events, and ${readBuffersLost} buffers that nobody read in time`;
    findings.push({
      severity: 'note',
      what,
      fix: 'Give it more and larger buffers where it is started, or fewer events',
    });
  }
  for (const { guid, session, level } of weak) {
    const name = LEVEL_NAMES[level] ?? `level ${level}`;
    const what = `{${guid}} writes into ${session} up to ${name} only: what it says beyond that does not come`;
    findings.push({ severity: 'note', what, fix: 'Ask for more: etw:PROVIDER:KEYWORDS:verbose' });
  }
  if (findings.length > 0) return findings;
  const what = `${all.length === 1 ? '1 logging session runs' : `${all.length} logging sessions run`}, and nothing was lost`;
  return [{ severity: 'fine', what, fix: null }];
}
