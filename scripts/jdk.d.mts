/** A JDK on this machine: where it is and its feature release (0 when it does not say). */
export interface Jdk {
  readonly home: string;
  readonly major: number;
}

/** Every JDK (with jcmd and javac) that this machine shows: JAVA_HOME first, then the PATH, then the usual folders, newest first. */
export function findJdks(env?: Readonly<Record<string, string | undefined>>): Jdk[];

/** Installs a JDK with the machine's package manager, when there is one and it asks no questions; says what it did. */
export function installJdk(log: (line: string) => void): void;
