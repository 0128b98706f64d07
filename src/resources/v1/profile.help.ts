import type { HelpOf, KindHelp } from '../field-help.js';
import type { Of } from '../fields/field.js';
import type { profile } from './profile.js';
import { directionsHelp, RULES } from './rules.help.js';

const metadata: HelpOf<Of<typeof profile.metadata>> = {
  name: ['The name of the profile.', 'frontend'],
  tags: ['Tags of the endpoints that name the profile, for the tag of rules; they are stored as labels without a value.', ['web']],
  labels: ['Labels that every endpoint gets that names the profile.', { tier: 'frontend' }],
};

const spec: HelpOf<Of<typeof profile.spec>> = directionsHelp;

/** Help for profile. */
export const profileHelp: KindHelp = {
  help: 'Rules, tags and labels for the endpoints that name it; its rules count where no policy decides.',
  example: { metadata: { name: 'frontend', tags: ['web'] }, spec: { ingress: RULES } },
  metadata,
  spec,
};
