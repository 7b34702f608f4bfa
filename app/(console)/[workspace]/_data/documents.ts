import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api } from "#/app/_ui/api.ts";
import type { CreateDocument, Document } from "#/operations/documents/contract.ts";
import type { Search } from "#/operations/search/contract.ts";
import { ApiError } from "#/sdk/client/api-error.ts";
import { keyOf } from "#/sdk/client/query.ts";
import { makeAddress } from "#/sdk/client/request.ts";
import { CALM_MS } from "./poll.ts";
import { documentList } from "./queries.ts";

const DOCUMENTS = keyOf("GET /api/v1/documents");
/** While a document is being read its progress is worth a closer look. */
const READING_MS = 1_000;

const isUnderWay = ({ status }: Document) => status !== "ready" && status !== "failed";

export function useDocuments() {
  return useQuery({
    ...documentList(),
    refetchInterval: ({ state }) => (state.data?.items.some(isUnderWay) ? READING_MS : CALM_MS),
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
    await uploadDocument(file, onProgress);
    await client.invalidateQueries({ queryKey: DOCUMENTS });
  };
}

/** Sends a file and tells the sent part, 0 to 1. By XMLHttpRequest, because fetch does not tell. @throws ApiError */
function uploadDocument(file: File, onProgress: (part: number) => void): Promise<void> {
  const form = new FormData();
  form.set("file", file);
  const request = new XMLHttpRequest();
  request.open("POST", makeAddress("POST /api/v1/documents"));
  request.responseType = "json";
  return new Promise((resolve, reject) => {
    request.upload.addEventListener("progress", ({ loaded, total }) => onProgress(loaded / total));
    request.addEventListener("error", () =>
      reject(new ApiError(503, { title: "No connection", detail: "The upload was interrupted. Try again." })),
    );
    request.addEventListener("load", () => {
      if (request.status < 300) resolve();
      else reject(new ApiError(request.status, request.response ?? {}));
    });
    request.send(form);
  });
}
