import {readFileSync} from 'node:fs';
import path from 'node:path';

/** Seconds of processor time, by name. */
export type CpuSeconds = Readonly<Record<string, number>>;

/** Linux counts in hundredths of a second, whatever the kernel ticks at. */
const ticks = 100;

/** What each process has used since it began. */
export function cpuOf(pids: Readonly<Record<string, number>>): CpuSeconds {
  return Object.fromEntries(Object.entries(pids).map(([name, pid]) => [name, usedBy(pid)]));
}

export function cpuSince(before: CpuSeconds, after: CpuSeconds): CpuSeconds {
  return Object.fromEntries(Object.entries(after).map(([name, seconds]) => [name, seconds - (before[name] ?? 0)]));
}

/** The name of a process as it was started (argv[0]), without its folder. */
export function nameOf(pid: number): string {
  const [first = ''] = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
  return path.basename(first);
}

export function residentMegabytes(pid: number): number {
  const kilobytes = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Math.round(Number(kilobytes) / 1024);
}

function usedBy(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // The name in parentheses may hold anything; utime and stime are the 12th and 13th field after it.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / ticks;
}
