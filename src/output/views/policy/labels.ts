import type { Directory } from '../../../insight/directory.js';
import type { LabelOrigin } from '../../../insight/labels.js';
import { profileId } from '../../../policy/ids.js';
import { classicLabelKey } from '../../../resources/v1/names.js';

/** `role=web   (profile/p1)`: a label and where it comes from, where that is not the resource itself. */
export function labelText(label: LabelOrigin, directory: Directory): string {
  const { label: key, value, from } = labelData(label, directory);
  return `${key}=${value}${from === 'own' ? '' : `   (${from})`}`;
}

/** The same as data; `from` is `own`, a field or a profile. */
export function labelData({ key, value, from }: LabelOrigin, directory: Directory): { readonly label: string; readonly value: string; readonly from: string } {
  const origin = from.kind === 'own' ? 'own' : from.kind === 'field' ? from.field : directory.name(profileId(from.name));
  return { label: directory.dialect === 'v1' ? classicLabelKey(key) : key, value, from: origin };
}
