import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { CreateDocument, Document } from "#/operations/documents/contract.ts";
import type { Passage, Search } from "#/operations/search/contract.ts";
import { callApi } from "#/app/_ui/api-client.ts";
import { ApiError } from "#/app/_ui/api-error.ts";
import { CALM_MS, type Page } from "./poll.ts";

const MOST = 100;
/** While a document is being read its progress is worth a closer look. */
const READING_MS = 1_000;

const isUnderWay = ({ status }: Document) => status !== "ready" && status !== "failed";

export function useDocuments() {
  return useQuery({
    queryKey: ["documents"],
    queryFn: ({ signal }) => callApi<Page<Document>>(`/api/v1/documents?limit=${MOST}`, { signal }),
    refetchInterval: ({ state }) => (state.data?.items.some(isUnderWay) ? READING_MS : CALM_MS),
  });
}

export function useAddText() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: CreateDocument) => callApi<Document>("/api/v1/documents", { method: "POST", body }),
    onSuccess: () => client.invalidateQueries({ queryKey: ["documents"] }),
  });
}

export function useDeleteDocument() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => callApi<void>(`/api/v1/documents/${id}`, { method: "DELETE" }),
    onSuccess: () => client.invalidateQueries({ queryKey: ["documents"] }),
  });
}

export function useSearch() {
  return useMutation({
    mutationFn: (body: Search) =>
      callApi<{ readonly items: readonly Passage[] }>("/api/v1/search", { method: "POST", body }),
  });
}

/** Sends a file and tells the sent part, 0 to 1. By XMLHttpRequest, because fetch does not tell. @throws ApiError */
export function uploadDocument(file: File, onProgress: (part: number) => void): Promise<Document> {
  const form = new FormData();
  form.set("file", file);
  const request = new XMLHttpRequest();
  request.open("POST", "/api/v1/documents");
  request.responseType = "json";
  return new Promise((resolve, reject) => {
    request.upload.addEventListener("progress", ({ loaded, total }) => onProgress(loaded / total));
    request.addEventListener("error", () =>
      reject(new ApiError(503, { title: "No connection", detail: "The upload was interrupted. Try again." })),
    );
    request.addEventListener("load", () => {
      if (request.status < 300) resolve(request.response);
      else reject(new ApiError(request.status, request.response ?? {}));
    });
    request.send(form);
  });
}
