/** The calls of the registry in advapi32.dll: of registry.ts for the machine's keys, of user-registry.ts for the user's. */
import { bound } from './library.ts';

export const registryCalls = bound('advapi32.dll', (declare) => ({
  getValue: declare(
    'int32_t __stdcall RegGetValueW(uintptr_t key, const char16_t *path, const char16_t *name, uint32_t flags, void *type, void *data, void *bytes)',
  ),
  openKey: declare(
    'int32_t __stdcall RegOpenKeyExW(uintptr_t key, const char16_t *path, uint32_t options, uint32_t access, void *opened)',
  ),
  createKey: declare(
    'int32_t __stdcall RegCreateKeyExW(uintptr_t key, const char16_t *path, uint32_t reserved, void *type, uint32_t options, uint32_t access, void *security, void *opened, void *disposition)',
  ),
  setValue: declare(
    'int32_t __stdcall RegSetValueExW(uintptr_t key, const char16_t *name, uint32_t reserved, uint32_t type, void *data, uint32_t bytes)',
  ),
  removeValue: declare('int32_t __stdcall RegDeleteValueW(uintptr_t key, const char16_t *name)'),
  enumValue: declare(
    'int32_t __stdcall RegEnumValueW(uintptr_t key, uint32_t index, void *name, void *nameUnits, void *reserved, void *type, void *data, void *bytes)',
  ),
  queryInfo: declare(
    'int32_t __stdcall RegQueryInfoKeyW(uintptr_t key, void *class, void *classUnits, void *reserved, void *subKeys, void *longestSubKey, void *longestClass, void *values, void *longestName, void *longestValue, void *security, void *lastWritten)',
  ),
  deleteTree: declare('int32_t __stdcall RegDeleteTreeW(uintptr_t key, const char16_t *path)'),
  deleteKey: declare('int32_t __stdcall RegDeleteKeyW(uintptr_t key, const char16_t *path)'),
  removeValueOf: declare(
    'int32_t __stdcall RegDeleteKeyValueW(uintptr_t key, const char16_t *path, const char16_t *name)',
  ),
  closeKey: declare('int32_t __stdcall RegCloseKey(uintptr_t key)'),
}));
