import { formatDuration, parseDuration } from '../../go/duration.js';
import { describe, wrongType, wrongValue, type FieldType } from './field.js';
import { DURATION, NOT_NEGATIVE, whole } from './patterns.js';

function durationType(problem: (canonical: string) => string | undefined, pattern = DURATION): FieldType<string> {
  const type: FieldType<string> = {
    name: 'a duration such as 90s or 1h30m',
    json: { type: 'string', pattern: whole(pattern) },
    standIn: '0s',
    isZero: () => false,
    decode(raw, path, to) {
      if (typeof raw !== 'string') return wrongType(type, raw, path, to, typeof raw === 'number' ? `write a unit after it: "${raw}s"` : undefined);
      const nanoseconds = parseDuration(raw);
      if (nanoseconds === undefined) {
        return wrongValue(`${describe(raw)} is not ${type.name}`, path, to, /^\d+$/.test(raw) ? `write a unit after it: "${raw}s"` : undefined);
      }
      const canonical = formatDuration(nanoseconds);
      const wrong = problem(canonical);
      return wrong === undefined ? canonical : wrongValue(wrong, path, to);
    },
  };
  return type;
}

/** A duration, in canonical form. Never coerced from a number. */
export const duration = durationType(() => undefined);

/** A duration that Calico wants in whole milliseconds, seconds, minutes and hours (reference/storage 3.12). */
export const wholeDuration = durationType((canonical) =>
  /^(\d+(ms|s|m|h))*$/.test(canonical) ? undefined : `${canonical} is not allowed here: no sign, no fraction, and no unit below milliseconds`,
  NOT_NEGATIVE,
);
