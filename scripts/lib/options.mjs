/** Values of options on the command line. */
import { UserError } from './report.mjs';

/**
 * @param {string} option for the message
 * @param {string | undefined} text as it was given
 * @param {number} lowest
 * @param {number} highest
 * @returns {number | undefined} undefined when nothing was given
 */
export function wholeNumber(option, text, lowest, highest) {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (Number.isInteger(value) && value >= lowest && value <= highest) return value;
  throw new UserError(
    `${option} should be a whole number from ${lowest} to ${highest}, but it is "${text}".`,
  );
}
