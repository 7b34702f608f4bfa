import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api } from "#/app/_ui/api.ts";
import type { CreateDocument, Document } from "#/operations/documents/contract.ts";
import type { Search } from "#/operations/search/contract.ts";
import { keyOf } from "#/sdk/client/query.ts";
import { makeAddress } from "#/sdk/client/request.ts";
import { RARE_MS } from "./poll.ts";
import { documentList } from "./queries.ts";
import { uploadFile } from "./upload-file.ts";

const DOCUMENTS = keyOf("GET /api/v1/documents");
/** While a document is being read its progress is worth a closer look. */
const READING_MS = 1_000;

const isUnderWay = ({ status }: Document) => status !== "ready" && status !== "failed";

export function useDocuments() {
  return useQuery({
    ...documentList(),
    refetchInterval: ({ state }) => (state.data?.items.some(isUnderWay) ? READING_MS : RARE_MS),
  });
}

export function useAddText() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: CreateDocument) => api("POST /api/v1/documents", { body }),
    onSuccess: () => client.invalidateQueries({ queryKey: DOCUMENTS }),
  });
}

export function useDeleteDocument() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => api("DELETE /api/v1/documents/{id}", { path: { id } }),
    onSuccess: () => client.invalidateQueries({ queryKey: DOCUMENTS }),
  });
}

export function useSearch() {
  return useMutation({ mutationFn: (body: Search) => api("POST /api/v1/search", { body }) });
}

/** Uploads files, and shows them in the list of documents. */
export function useUpload() {
  const client = useQueryClient();
  return async (file: File, onProgress: (part: number) => void) => {
    await uploadFile(makeAddress("POST /api/v1/documents"), file, onProgress);
    await client.invalidateQueries({ queryKey: DOCUMENTS });
  };
}
