/** `log.masked`: a logging call that is switched off. `log.user.64B`: a program's record on its way into its ring. `log.stack`: a text with its stack. */
import type { Environment } from './environment.ts';
import { compile, rounds } from './programs.ts';
import { type BenchResult, measured } from './results.ts';
import { median, spread } from './statistics.ts';

interface LoggingRound {
  readonly masked: number;
  readonly call: number;
  readonly user: number;
  readonly text: number;
  readonly stack: number;
}

export function logging(environment: Environment, quick: boolean): BenchResult[] {
  const program = compile(environment, 'masked');
  const found = rounds<LoggingRound>(program, [quick ? 1_000_000 : 5_000_000, quick ? 3 : 9]);
  const of = (name: keyof LoggingRound): number[] => found.map((round) => round[name]);
  const call = median(of('call'));
  const user = median(of('user'));
  const stack = median(of('stack'));
  return [
    measured({
      name: 'log.masked',
      value: median(of('masked')),
      unit: 'ns',
      reference: call,
      referenceName: 'a call of a function that does nothing',
      goal: 'at most 3x a bare call',
      holds: median(found.map(({ masked, call: bare }) => masked / bare)) <= 3,
      spread: spread(of('masked')),
      note: 'LogMessage with three arguments, its level off',
    }),
    measured({
      name: 'log.user.64B',
      value: user,
      unit: 'ns',
      reference: 1000,
      referenceName: 'the aim: a microsecond',
      goal: 'below 1 µs a record in batches',
      holds: user < 1000,
      spread: spread(of('user')),
      note: 'batch filled, judged, admitted, written; without the request to the kernel, one for some 800 records',
    }),
    measured({
      name: 'log.stack',
      value: stack,
      unit: 'ns',
      reference: median(of('text')),
      referenceName: 'the same text without a stack',
      goal: 'below 10 µs a text',
      holds: stack < 10_000,
      spread: spread(of('stack')),
      note: "LogMessage with three arguments and 8 return addresses; the walk is the host's, not that of Windows",
    }),
  ];
}
