/** From facts to findings: why capture is silent on this machine, and what to do. Pure. */
import { CAPTURE, describeLosses } from '../core/ioctl.ts';
import { RV } from '../core/layout.ts';
import type { Failure } from '../core/result.ts';
import { ERROR } from '../win32/errors.ts';
import { describeMask, effectiveMask, FILTER_ALL, FILTER_LEVELS } from './debug-filter.ts';
import type {
  DriverCircumstances,
  DriverFacts,
  Facts,
  Finding,
  LinuxFacts,
  LinuxRingSession,
  SecurityFacts,
  Severity,
  WindowsFacts,
} from './facts.ts';
import { judgeBegin, judgeBootSettings } from './judge-boot.ts';
import { judgeTracing } from './judge-tracing.ts';

const ORDER: readonly Severity[] = ['problem', 'warning', 'note', 'fine'];
/** Errors with which Windows says that it will not load this driver as it is. */
const REFUSED: readonly number[] = [
  ERROR.INVALID_IMAGE_HASH,
  ERROR.DRIVER_BLOCKED,
  ERROR.SYSTEM_INTEGRITY_POLICY_VIOLATION,
];
const INSTALL = 'As administrator: ringview driver install --path ringview.sys';

/** The findings, the worst first. */
export function judge(facts: Facts): Finding[] {
  return judgeSystem(facts).sort((a, b) => ORDER.indexOf(a.severity) - ORDER.indexOf(b.severity));
}

function judgeSystem(facts: Facts): Finding[] {
  switch (facts.system) {
    case 'windows':
      return [
        ...judgeElevation(facts),
        ...judgeDriver(facts),
        ...judgeDebugFilter(facts),
        ...judgeDebugOutput(facts),
        ...judgeTracing(facts.tracing),
      ];
    case 'linux':
      return judgeLinux(facts);
    case 'other':
      if (facts.name === 'darwin') {
        const what = 'On macOS ring sessions of the simulated driver and files can be read, which nobody has tried yet';
        return [finding('note', what, 'Capture drivers and debug output on Windows')];
      }
      return [
        finding(
          'problem',
          `Rings cannot be read on ${facts.name}`,
          'Capture on Windows, Linux or macOS; files open here',
        ),
      ];
  }
}

function finding(severity: Severity, what: string, fix: string | null = null, failure?: Failure): Finding {
  return failure === undefined ? { severity, what, fix } : { severity, what, fix, failure };
}

function ofFailure(severity: Severity, failure: Failure): Finding {
  return finding(severity, failure.message, failure.action, failure);
}

/* ---- Windows ---- */

function judgeElevation({ elevated }: WindowsFacts): Finding[] {
  if (elevated === true) return [finding('fine', 'This program runs as administrator')];
  const fix =
    'Start it as administrator to read the driver and the output of services; the app offers to restart itself so where a source needs it';
  return elevated === false
    ? [finding('warning', 'This program does not run as administrator: driver: and dbwin:global are closed to it', fix)]
    : [finding('note', 'Windows does not say whether this program runs as administrator', fix)];
}

/** Whether a service that last stopped with this error was refused by Windows, not by itself. */
export function isRefusal(exitError: number): boolean {
  return REFUSED.includes(exitError);
}

/** About the driver alone, the worst first. */
export function judgeDriver(circumstances: DriverCircumstances): Finding[] {
  const { boot } = circumstances.driver;
  return [...judgeState(circumstances), ...judgeBootSettings(boot.ok ? boot.value : null)];
}

function judgeState({ driver, security, machine }: DriverCircumstances): Finding[] {
  const { service, device } = driver;
  if (device.ok) return judgeLoaded(device.value);
  if (!service.ok) return [ofFailure('problem', service.failure)];
  const { state } = service.value;
  if (state === 'not-installed') return [finding('problem', 'The RingView driver is not installed', INSTALL)];
  const image = judgeImage(driver, machine);
  if (image.length > 0) return image;
  if (state === 'running') return [ofFailure('problem', device.failure)];
  if (state === 'stop-pending') {
    const what = 'The RingView driver is stopping: Windows waits until the last program lets go of it';
    return [finding('problem', what, 'Close the programs that read it')];
  }
  return judgeNotStarted(service.value.exitError, security);
}

function judgeLoaded({
  version,
  statistics,
  readerName,
  readByUs,
}: Extract<DriverFacts['device'], { ok: true }>['value']): Finding[] {
  const name = `${version.driver}, layout ${version.layoutMajor}.${version.layoutMinor}`;
  const findings = [finding('fine', `The RingView driver is loaded (${name}, ${version.cpuCount} CPUs)`)];
  if (statistics.readerPid !== 0 && !readByUs) {
    const who = `${readerName ?? 'a process'} (pid ${statistics.readerPid})`;
    findings.push(finding('warning', `${who} reads the driver: a second reader is refused`, `Close ${who} first`));
  }
  if (statistics.state === RV.STATE_STOPPED) {
    const fix = 'As administrator: ringview driver stop, then ringview driver start';
    findings.push(finding('problem', "The driver's ring session was ended: nothing more comes", fix));
  }
  if ((version.captures & CAPTURE.DBGPRINT) === 0) {
    const what = 'This Windows does not let the driver capture DbgPrint; what drivers log through RingView arrives';
    findings.push(finding('note', what, 'Log through driver/include/ringview/log.h or attach.h'));
  } else if ((statistics.capturing & CAPTURE.DBGPRINT) === 0) {
    findings.push(finding('note', 'DbgPrint is not captured at the moment', 'Open the source driver:'));
  }
  if (statistics.dbgprintRenewals > 0) {
    const what = `Windows has slept since DbgPrint is captured (${statistics.dbgprintRenewals} times)`;
    const fix = 'The driver asked for DbgPrint again each time; what was printed while Windows woke up is not captured';
    findings.push(finding('note', what, fix));
  }
  findings.push(...judgeBegin(statistics.boot));
  if (statistics.attachedDrivers === 0) {
    findings.push(finding('note', 'No other driver logs through ringview.sys at the moment'));
  }
  if (statistics.lost > 0) {
    const why = describeLosses(statistics.losses);
    const what = `The driver has counted ${statistics.lost} lost of ${statistics.written + statistics.lost} attempts${why}`;
    findings.push(finding('note', what, 'Larger rings hold longer: ringview driver configure --ring-bytes N'));
  }
  return findings;
}

function judgeImage({ image }: DriverFacts, machine: string): Finding[] {
  if (image === null) return [];
  if (image.machine === null) {
    return [finding('problem', `The driver's file ${image.path} is missing or damaged`, INSTALL)];
  }
  if (image.machine === machine) return [];
  const what = `${image.path} is built for ${image.machine}, this Windows is ${machine}`;
  return [finding('problem', what, `Install the driver built for ${machine}`)];
}

/** Installed, whole, of the right kind, and not running: refused, or never asked. */
function judgeNotStarted(exitError: number, security: SecurityFacts): Finding[] {
  if (!isRefusal(exitError)) {
    const why = exitError === 0 || exitError === ERROR.SERVICE_NEVER_STARTED ? '' : ` (last error ${exitError})`;
    const findings = [
      finding(
        'problem',
        `The RingView driver is installed and not started${why}`,
        'As administrator: ringview driver start',
      ),
    ];
    if (security.testSigning === false) findings.push(signingNote(security));
    return findings;
  }
  const what = `Windows refused the RingView driver (error ${exitError})`;
  if (exitError !== ERROR.INVALID_IMAGE_HASH) {
    const fix = 'A policy of this machine blocks it: use a driver signed by Microsoft, or a test machine';
    return [finding('problem', what, fix)];
  }
  if (security.secureBoot === true) {
    return [
      finding(
        'problem',
        `${what}: it is not signed for Secure Boot`,
        'Turn Secure Boot off on a test machine, then test signing on',
      ),
    ];
  }
  if (security.testSigning === false) {
    return [
      finding('problem', `${what}: test signing is off`, 'As administrator: bcdedit /set testsigning on, then restart'),
    ];
  }
  if (security.hvci === true) {
    return [
      finding(
        'problem',
        `${what}: memory integrity checks its code too`,
        'Sign it with page hashes, or turn memory integrity off',
      ),
    ];
  }
  return [finding('problem', `${what}: its signature is not trusted`, 'Sign it, and add the certificate to Root')];
}

function signingNote({ secureBoot }: SecurityFacts): Finding {
  const first = secureBoot === true ? 'turn Secure Boot off, then ' : '';
  const fix = `For a test-signed driver ${first}bcdedit /set testsigning on, then restart`;
  return finding('note', 'Test signing is off: Windows takes only drivers signed by Microsoft', fix);
}

function judgeDebugFilter({ debugFilter }: WindowsFacts): Finding[] {
  if (!debugFilter.ok) return [ofFailure('warning', debugFilter.failure)];
  const filter = debugFilter.value;
  const mask = effectiveMask(filter, 'DEFAULT');
  const findings: Finding[] = [];
  if ((mask & FILTER_LEVELS.info) === 0) {
    const what = `Windows drops what drivers say with DbgPrint: the filter of DEFAULT lets through ${describeMask(mask)} only`;
    findings.push(finding('warning', what, 'As administrator: ringview doctor --set-mask DEFAULT=0xf, then restart'));
  } else {
    findings.push(finding('fine', `Windows lets DbgPrint through (DEFAULT: ${describeMask(mask)})`));
  }
  const ihv = effectiveMask(filter, 'IHVDRIVER');
  if ((ihv & FILTER_ALL) !== FILTER_ALL) {
    const what = `Of DbgPrintEx with DPFLTR_IHVDRIVER_ID only ${describeMask(ihv)} is let through`;
    const fix = 'If a driver uses it: ringview doctor --set-mask IHVDRIVER=0xf, then restart';
    findings.push(finding('note', what, fix));
  }
  return findings;
}

function judgeDebugOutput({ debugOutput }: WindowsFacts): Finding[] {
  const { session, global, viewers } = debugOutput;
  const findings: Finding[] = [];
  const who = viewers.length > 0 ? viewers.join(' or ') : 'another viewer';
  for (const [taken, what, source] of [
    [session, 'The debug output of programs', 'dbwin:'],
    [global, 'The debug output of services', 'dbwin:global'],
  ] as const) {
    if (taken === true) {
      findings.push(finding('warning', `${what} is taken by ${who}: ${source} is refused`, `Close ${who} first`));
    } else if (taken === false) findings.push(finding('fine', `${what} is free (${source})`));
  }
  return findings;
}

/* ---- Linux ---- */

function judgeLinux({ sharedMemory, sessions }: LinuxFacts): Finding[] {
  const findings: Finding[] = [
    finding(
      'note',
      'Drivers and debug output are captured on Windows; here ring sessions of the simulated driver and files',
    ),
  ];
  if (!sharedMemory.ok) return [...findings, ofFailure('problem', sharedMemory.failure)];
  const { freeBytes } = sharedMemory.value;
  const free = `${Math.floor(freeBytes / 1048576)} MiB`;
  findings.push(
    freeBytes < 67108864
      ? finding(
          'warning',
          `Shared memory is nearly full: ${free} are free`,
          'Remove what /dev/shm holds and nobody uses',
        )
      : finding('fine', `Shared memory is there, ${free} free`),
  );
  if (sessions.length === 0) {
    findings.push(finding('note', 'There is no ring session', 'Start one: ringview simulate --name demo'));
  }
  return [...findings, ...sessions.map(judgeSession)];
}

function judgeSession({ name, opened, holders }: LinuxRingSession): Finding {
  const held = holders.length === 0 ? 'nobody has it open' : `open in ${holders.join(', ')}`;
  const remove = `Remove it if its producer is gone: rm /dev/shm/ringview.${name}`;
  if (!opened.ok && opened.failure.code === 'permission-denied') {
    // Another user's, or closed to this one: nothing of it is this program's to remove.
    return finding('note', `sim:${name} is not read (${held}): ${opened.failure.message}`, opened.failure.action);
  }
  if (!opened.ok) {
    return finding('warning', `sim:${name} is no readable ring session (${held}): ${opened.failure.message}`, remove);
  }
  const { producer, alive, bytes } = opened.value;
  const size = `${Math.ceil(bytes / 1048576)} MiB`;
  if (alive) return finding('fine', `sim:${name} is written by a living ${producer} (${size}; ${held})`);
  const what = `sim:${name} was left behind by a ${producer} that is gone (${size}; ${held})`;
  return finding('warning', what, `Read what it holds, then remove it: rm /dev/shm/ringview.${name}`);
}
