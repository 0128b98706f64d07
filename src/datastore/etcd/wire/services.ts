import { decode } from './decode.js';
import { encode } from './encode.js';
import type { MethodRow } from './fields.js';
import { SERVICES } from './table.js';

/** One method as grpc-js wants it. */
export interface MethodDefinition {
  readonly path: string;
  readonly requestStream: boolean;
  readonly responseStream: boolean;
  readonly requestSerialize: (value: object) => Buffer;
  readonly requestDeserialize: (bytes: Buffer) => object;
  readonly responseSerialize: (value: object) => Buffer;
  readonly responseDeserialize: (bytes: Buffer) => object;
  readonly originalName: string;
}

/** Services by their full names, and the methods of each by name. */
export type Services = Readonly<Record<string, Readonly<Record<string, MethodDefinition>>>>;

/** etcd's services. Takes the place of `loadSync` of `@grpc/proto-loader`, which etcd3 calls at import for its own .proto file: nothing is parsed at run time. */
export function loadSync(): Services {
  return Object.fromEntries(
    Object.entries(SERVICES).map(([service, methods]) => [service, Object.fromEntries(methods.map((row) => [row[0], methodDefinition(service, row)]))]),
  );
}

function methodDefinition(service: string, [name, originalName, request, response, streams]: MethodRow): MethodDefinition {
  return {
    path: `/${service}/${name}`,
    requestStream: streams === 'both',
    responseStream: streams !== undefined,
    requestSerialize: (value) => encode(request, value),
    requestDeserialize: (bytes) => decode(request, bytes),
    responseSerialize: (value) => encode(response, value),
    responseDeserialize: (bytes) => decode(response, bytes),
    originalName,
  };
}
