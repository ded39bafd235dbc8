import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const cache = fileURLToPath(new URL('../../node_modules/.cache/sitrep-fonts/', import.meta.url));

/** What is drawn: letters, code, and the signs of the updates. The page asks for Noto Sans by name. */
const files = [
  '@expo-google-fonts/noto-sans/400Regular/NotoSans_400Regular.ttf',
  '@expo-google-fonts/noto-sans/400Regular_Italic/NotoSans_400Regular_Italic.ttf',
  '@expo-google-fonts/noto-sans/500Medium/NotoSans_500Medium.ttf',
  '@expo-google-fonts/noto-sans/600SemiBold/NotoSans_600SemiBold.ttf',
  '@expo-google-fonts/noto-sans/700Bold/NotoSans_700Bold.ttf',
  '@expo-google-fonts/noto-sans-mono/400Regular/NotoSansMono_400Regular.ttf',
  '@expo-google-fonts/noto-sans-mono/600SemiBold/NotoSansMono_600SemiBold.ttf',
  '@expo-google-fonts/noto-sans-symbols-2/400Regular/NotoSansSymbols2_400Regular.ttf',
  '@expo-google-fonts/noto-color-emoji/400Regular/NotoColorEmoji_400Regular.ttf',
].map((file) => fileURLToPath(import.meta.resolve(file)));

/** Generic families, and what stands in for a sign that the first one has not. */
const families = { 'sans-serif': 'Noto Sans', serif: 'Noto Sans', monospace: 'Noto Sans Mono' };

const configuration = `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
${[...new Set(files.map(dirname))].map((folder) => `  <dir>${folder}</dir>`).join('\n')}
  <cachedir>${cache}cache</cachedir>
${Object.entries(families)
  .map(
    ([generic, family]) =>
      `  <alias><family>${generic}</family><prefer><family>${family}</family><family>Noto Color Emoji</family><family>Noto Sans Symbols 2</family></prefer></alias>`,
  )
  .join('\n')}
  <match target="font"><edit name="hintstyle" mode="assign"><const>hintnone</const></edit></match>
</fontconfig>
`;

/**
 * A directory for `FONTCONFIG_PATH`: the fonts of packages and no others, so that a page is drawn, and its lines break,
 * alike on every machine.
 */
export async function ownFonts(): Promise<string> {
  const folder = join(cache, 'configuration');
  await mkdir(folder, { recursive: true });
  const partial = await mkdtemp(join(cache, 'partial-'));
  await writeFile(join(partial, 'fonts.conf'), configuration);
  await rename(join(partial, 'fonts.conf'), join(folder, 'fonts.conf'));
  await rm(partial, { recursive: true });
  return folder;
}
