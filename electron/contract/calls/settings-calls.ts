/** Calls about the settings. None carries a path: the file is the program's own, and so is what opens it. */
import { result } from '../call.ts';
import { flag, nothing, object, oneOf, reject } from '../check.ts';
import { isFontFamily, isFontSize, LEAST_FONT_SIZE, MOST_FONT_SIZE } from '../log-look.ts';
import type { SettingsChoice, SettingsState } from '../settings.ts';
import { DELTA_BASES, TIME_DIGITS, TIME_KINDS, type TimeSettings } from '../shown-time.ts';

function times(value: unknown): TimeSettings {
  const { kind, digits, delta } = object(value);
  return {
    kind: oneOf(kind, TIME_KINDS, 'kind'),
    digits: oneOf(digits, TIME_DIGITS, 'digits'),
    delta: oneOf(delta, DELTA_BASES, 'delta'),
  };
}

export const settingsCalls = {
  /** The settings as the file has them now; what a person has changed in it counts from then on. */
  'settings.read': result<SettingsState>()(nothing),
  /** Changes what is named. */
  'settings.set': result<SettingsState>()((value): SettingsChoice => {
    const fields = object(value);
    const { alwaysOnTop, askBeforeClosing, tray, closeToTray } = fields;
    const { fontSize, fontFamily, processColours } = fields;
    return {
      ...(fields.times === undefined ? {} : { times: times(fields.times) }),
      ...(alwaysOnTop === undefined ? {} : { alwaysOnTop: flag(alwaysOnTop, 'alwaysOnTop') }),
      ...(askBeforeClosing === undefined ? {} : { askBeforeClosing: flag(askBeforeClosing, 'askBeforeClosing') }),
      ...(tray === undefined ? {} : { tray: flag(tray, 'tray') }),
      ...(closeToTray === undefined ? {} : { closeToTray: flag(closeToTray, 'closeToTray') }),
      ...(fontSize === undefined
        ? {}
        : {
            fontSize: isFontSize(fontSize)
              ? fontSize
              : reject(`fontSize: ${LEAST_FONT_SIZE} to ${MOST_FONT_SIZE} was expected`),
          }),
      ...(fontFamily === undefined
        ? {}
        : {
            fontFamily: isFontFamily(fontFamily)
              ? fontFamily
              : reject('fontFamily: the name of one family was expected'),
          }),
      ...(processColours === undefined ? {} : { processColours: flag(processColours, 'processColours') }),
    };
  }),
  /** Opens the file by the program that the system has for it; makes it first if there is none. Failure: io-error. */
  'settings.openFile': result<null>()(nothing),
};
