/**
 * What the compiler says of fields. Nothing here runs: `npm run lint` checks it with the rest, and an expected error that does
 * not come is an error itself.
 */
import { listOf } from '../../src/resources/fields/collections.js';
import { field, type AsRead, type AsStored, type Of } from '../../src/resources/fields/field.js';
import { objectOf } from '../../src/resources/fields/object.js';
import { bool, integer, oneOf, text } from '../../src/resources/fields/scalars.js';
import type { Metadata, StoredObject } from '../../src/resources/kind.js';
import type { felixConfiguration, FelixConfigurationSpec } from '../../src/resources/v3/felix-configuration.js';
import { felixRisks } from '../../src/resources/v3/felix-risks.js';
import type { IpPoolSpec } from '../../src/resources/v3/ip-pool.js';
import { specColumn } from '../../src/resources/v3/columns.js';
import { withDefaults } from '../../src/resources/v3/defaults.js';
import type { metadataType } from '../../src/resources/v3/metadata.js';
import type { bgpPeer } from '../../src/resources/v1/bgp-peer.js';
import { compact, type ClassicRule } from '../../src/resources/v1/rules.js';

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;

/** Compiles only where it is told that two types are the same. */
function same<T extends true>(): T | undefined {
  return undefined;
}

const port = objectOf('a port', [field('name', text(), { write: 'always' }), field('port', integer({ name: 'a port' }), { required: 'a port needs its number' })]);

const spec = objectOf('a spec', [
  field('mode', oneOf('a mode', ['On', 'Off'])),
  field('level', oneOf('a level', ['High', 'Low']), { write: 'given' }),
  field('strict', bool, { mistakenFor: ['tight'] }),
  field('ports', listOf(port), { write: 'always' }),
  field('kind', oneOf('a kind', ['A', 'B'], { checkEmpty: true }), { write: 'always', required: 'a kind is required' }),
]);

type Spec = Of<typeof spec>;

// Present is what is always written or required; a word is one of its words, or empty where that is written too or it was not given.
same<Same<Of<typeof port>, { name: string; port: number }>>();
same<Same<Spec['mode'], 'On' | 'Off' | undefined>>();
same<Same<Spec['level'], 'High' | 'Low' | '' | undefined>>();
same<Same<Spec['kind'], 'A' | 'B' | ''>>();
same<Same<Spec['ports'], readonly { name: string; port: number }[]>>();

/** Never called. */
export function misspelt(whole: Spec, read: AsRead<Spec>, stored: AsStored<Spec>, pool: StoredObject<IpPoolSpec>): unknown[] {
  const size: unknown = pool.spec.blockSize;
  // @ts-expect-error: nobody looked at what is stored, so that it may be anything
  const number: number | undefined = pool.spec.blockSize;
  // @ts-expect-error: what was wrong is absent while it is read
  const first: string | undefined = read.ports[0]?.name;
  return [
    size, number, first, whole.ports[0]?.port, stored.strict,
    // @ts-expect-error: it is blockSize
    pool.spec.blocksize,
    // @ts-expect-error: it is mode
    whole.Mode,
    // @ts-expect-error: it is strict
    stored.tight,
    // @ts-expect-error: On is no misspelt word
    whole.mode === 'on',
    // @ts-expect-error: a column of a field that there is not
    specColumn<IpPoolSpec>('SIZE', 'blocksize'),
    // @ts-expect-error: a default that the field cannot have
    withDefaults(spec, {}, { mode: 'Auto' }),
    // @ts-expect-error: a rule about a field that there is not
    objectOf('a rule', [field('a', text())], { check: ({ b: _b }) => undefined }),
  ];
}

// Settings of Felix, which functions of their own declare.
same<Same<FelixConfigurationSpec, Of<typeof felixConfiguration.spec>>>();
same<Same<FelixConfigurationSpec['healthPort'], number | undefined>>();
same<Same<FelixConfigurationSpec['bpfLogLevel'], 'Off' | 'Info' | 'Debug' | ''>>();
same<Same<FelixConfigurationSpec['serviceLoopPrevention'], 'Drop' | 'Reject' | 'Disabled' | undefined>>();
same<Same<FelixConfigurationSpec['routeTableRange'], { min: number; max: number } | undefined>>();

/** Never called. */
export function misspeltSetting(stored: StoredObject<FelixConfigurationSpec>, whole: FelixConfigurationSpec): unknown[] {
  return [
    stored.spec.healthPort,
    // @ts-expect-error: it is healthPort
    stored.spec.healthport,
    // @ts-expect-error: it is ipipMTU
    whole.ipipMtu,
    // @ts-expect-error: it is Disabled
    whole.floatingIPs === 'Off',
    // @ts-expect-error: a risk of a setting that there is not
    felixRisks({ metadataport: 1 }),
  ];
}

// Metadata too: beyond their fields they have a name, and what nobody knows.
same<Same<Metadata['name'], string>>();
same<Same<Metadata['labels'], Of<typeof metadataType>['labels']>>();
same<Same<Metadata['ownerReferences'], Of<typeof metadataType>['ownerReferences']>>();

/** Never called. */
export function misspeltMetadata({ metadata }: StoredObject): unknown[] {
  // @ts-expect-error: it is labels
  return [metadata.annotations, metadata.lables];
}

/** Never called: both sections of a classic document, its rules, and what its kind says of the stored object. */
export function misspeltClassic(peer: Parameters<typeof bgpPeer.convert>[0], read: AsRead<ClassicRule>): unknown[] {
  return [
    peer.metadata.peerIP, read.source?.nets,
    // @ts-expect-error: it is peerIP
    peer.metadata.peerIp,
    // @ts-expect-error: it is asNumber
    peer.spec.asnumber,
    // @ts-expect-error: it is nets
    read.source?.networks,
    // @ts-expect-error: a field that what it becomes does not have
    compact<AsStored<IpPoolSpec>>({ natoutgoing: true }),
    // @ts-expect-error: a place that a stored peer does not have
    ({ 'spec.peerIp': [] }) satisfies typeof bgpPeer.places,
  ];
}
