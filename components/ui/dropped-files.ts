export type NamedFile = {
  file: File;
  /** With the folders that it came in. */
  name: string;
};

/** Files dropped, those inside of dropped folders too; hidden ones, and in folders those of other endings, are left aside. */
export async function droppedFiles(data: DataTransfer, endings: readonly string[]): Promise<NamedFile[]> {
  // The list is emptied as soon as this function waits.
  const entries = [...data.items].flatMap((item) => item.webkitGetAsEntry() ?? []);
  if (entries.length === 0) return [...data.files].map((file) => ({ file, name: file.name }));
  const found = await Promise.all(entries.map((entry) => filesOf(entry, "", endings)));
  return found.flat();
}

/** Files of a folder that was chosen in the browser's dialog, by the same rule. */
export const folderFiles = (list: FileList, endings: readonly string[]): NamedFile[] =>
  [...list]
    .map((file) => ({ file, name: file.webkitRelativePath || file.name }))
    .filter(({ name }) => name.split("/").every((part) => !part.startsWith(".")) && isOf(endings, name))
    .sort(byName);

async function filesOf(entry: FileSystemEntry, folder: string, endings: readonly string[]): Promise<NamedFile[]> {
  const name = folder === "" ? entry.name : `${folder}/${entry.name}`;
  if (isFile(entry)) {
    if (folder !== "" && (entry.name.startsWith(".") || !isOf(endings, name))) return [];
    return [{ file: await new Promise<File>((resolve, reject) => entry.file(resolve, reject)), name }];
  }
  if (!isFolder(entry) || entry.name.startsWith(".")) return [];
  const inside = await entriesOf(entry.createReader());
  return (await Promise.all(inside.map((one) => filesOf(one, name, endings)))).flat().sort(byName);
}

/** A reader tells a hundred entries at a time, and none at the end. */
async function entriesOf(reader: FileSystemDirectoryReader): Promise<FileSystemEntry[]> {
  const some = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
  return some.length === 0 ? [] : [...some, ...(await entriesOf(reader))];
}

const isOf = (endings: readonly string[], name: string): boolean =>
  endings.length === 0 || endings.some((ending) => name.toLowerCase().endsWith(ending));
const byName = (a: NamedFile, b: NamedFile): number => (a.name < b.name ? -1 : 1);
const isFile = (entry: FileSystemEntry): entry is FileSystemFileEntry => entry.isFile;
const isFolder = (entry: FileSystemEntry): entry is FileSystemDirectoryEntry => entry.isDirectory;
