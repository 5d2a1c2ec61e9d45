/**
 * The values in a message that are worth explaining: status codes, bug checks, functions of IRPs, control codes, levels,
 * pool tags, GUIDs. A number is explained where its form or the word before it says what it is, and nowhere else.
 */
import { bugChecks, controlCodes, driverNames, guids, irpFunctions, levels, poolTags } from './find-driver.ts';
import { distinctStatuses, statusesBehindWords, statusesByName } from './find-status.ts';
import type { Finder, Found } from './found.ts';

/** Only so much of a message is looked at; UTF-16 units. */
export const MOST_TEXT = 65_536;
/** The most values that are told of one message. */
export const MOST_FOUND = 64;

/** Where two find a value in the same place, the earlier one knows it better. */
const FINDERS: readonly Finder[] = [
  guids,
  bugChecks,
  controlCodes,
  irpFunctions,
  levels,
  poolTags,
  statusesBehindWords,
  distinctStatuses,
  statusesByName,
  driverNames,
];

/** The values of a message in the order of their places, which do not overlap. Never fails. */
export function findValues(message: string): readonly Found[] {
  const text = message.length > MOST_TEXT ? message.slice(0, MOST_TEXT) : message;
  const found: Found[] = [];
  for (const finder of FINDERS) {
    for (const value of finder(text)) {
      if (found.length >= MOST_FOUND) break;
      if (found.every(({ from, to }) => value.to <= from || value.from >= to)) found.push(value);
    }
  }
  return found.sort((a, b) => a.from - b.from);
}
