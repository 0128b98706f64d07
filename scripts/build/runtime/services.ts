import { Codec, type MethodRow, type ProtoTable } from './codec.js';

/** One method as grpc-js wants it. */
function methodDefinition(codec: Codec, row: MethodRow): object {
  const [, path, request, response, requestStream, responseStream, originalName] = row;
  return {
    path,
    requestStream: requestStream === 1,
    responseStream: responseStream === 1,
    requestSerialize: (value: object) => codec.encode(request, value),
    requestDeserialize: (bytes: Buffer) => codec.decode(request, bytes),
    responseSerialize: (value: object) => codec.encode(response, value),
    responseDeserialize: (bytes: Buffer) => codec.decode(response, bytes),
    originalName,
  };
}

/** The services of a table as `loadSync` of `@grpc/proto-loader` returns them, for `loadPackageDefinition`. */
export function packageDefinition(table: ProtoTable): Record<string, Record<string, object>> {
  const codec = new Codec(table);
  return Object.fromEntries(
    Object.entries(table.services).map(([service, methods]) => [service, Object.fromEntries(methods.map((row) => [row[0], methodDefinition(codec, row)]))]),
  );
}
