/** CPU units of ECS (1024 to a vCPU) as a Kubernetes quantity in its canonical form: `1536` is `1500m`, `2048` is `2`. */
export function cpuQuantity(millicores: number): string {
  return millicores % 1000 === 0 ? String(millicores / 1000) : `${millicores}m`;
}

/** MiB as a Kubernetes quantity in its canonical form, so that what the API server stores equals what was applied. */
export function memoryQuantity(mebibytes: number): string {
  if (mebibytes % (1024 * 1024) === 0) return `${mebibytes / (1024 * 1024)}Ti`;
  return mebibytes % 1024 === 0 ? `${mebibytes / 1024}Gi` : `${mebibytes}Mi`;
}

/** A task's `cpu` in units: `256`, `"256"`, `"1 vCPU"` or `".25 vcpu"`. Undefined where it is none of these. */
export function cpuUnits(text: string | number): number | undefined {
  return unitsOf(String(text), /^(\d*\.?\d+)\s*vcpu$/i);
}

/** A task's `memory` in MiB: `512`, `"512"`, `"2GB"` or `".5 gb"`. Undefined where it is none of these. */
export function memoryMebibytes(text: string | number): number | undefined {
  return unitsOf(String(text), /^(\d*\.?\d+)\s*gb$/i);
}

function unitsOf(text: string, large: RegExp): number | undefined {
  const trimmed = text.trim();
  const units = /^\d+$/.test(trimmed) ? Number(trimmed) : Number(large.exec(trimmed)?.[1] ?? Number.NaN) * 1024;
  return Number.isInteger(units) && units > 0 && units <= 1_000_000_000 ? units : undefined;
}
