import { z } from 'zod';

/** One thing that was looked at of the set-up, as `sitrep doctor` tells it. */
export const doctorCheck = z.object({
  about: z.enum([
    'environment',
    'github app',
    'installations',
    'webhook',
    'policy',
    'google credentials',
    'google',
  ]),
  state: z.enum(['ok', 'wrong', 'not looked at']),
  /** What was found, or why nobody looked. */
  text: z.string(),
  /** What to do; null where nothing is to be done. */
  remedy: z.string().nullable(),
});

export type DoctorCheck = z.infer<typeof doctorCheck>;
type About = DoctorCheck['about'];

export function ok(about: About, text: string): DoctorCheck {
  return { about, state: 'ok', text, remedy: null };
}

export function wrong(about: About, text: string, remedy: string): DoctorCheck {
  return { about, state: 'wrong', text, remedy };
}

export function notLookedAt(about: About, text: string, remedy: string | null = null): DoctorCheck {
  return { about, state: 'not looked at', text, remedy };
}
