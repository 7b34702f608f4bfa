"use client";
import type { ReactNode } from "react";
import { Badge } from "#/app/_ui/badge.tsx";
import { Card, CardHeader } from "#/app/_ui/card.tsx";
import { Plus } from "#/app/_ui/icons.tsx";
import { LoadProblem } from "#/app/_ui/load-problem.tsx";
import { SkeletonRows } from "#/app/_ui/skeleton.tsx";
import { toast } from "#/app/_ui/toast.ts";
import type { Price, Prices } from "#/operations/prices/contract.ts";
import { usePrices, useRefreshPrices } from "../../_data/prices.ts";
import { ButtonForm } from "../../_form/button-form.tsx";
import { dropPrice } from "./actions.ts";
import { PriceWindow } from "./price-window.tsx";

/** Shows the prices of models, their dates, and the models without one. Everybody sees them; only admins set prices. */
export function PricesCard({ allowed }: { readonly allowed: boolean }) {
  const { data, error, isPending, refetch } = usePrices();
  const add = allowed && (
    <PriceWindow
      model=""
      button={{
        children: (
          <>
            <Plus aria-hidden /> Set price
          </>
        ),
      }}
    />
  );
  return (
    <Card id="prices" aria-label="Prices" className="mt-5">
      <CardHeader
        title="Prices"
        description="US dollars per million tokens. A new price counts for calls from its day on; what is booked stays."
        actions={add}
      />
      {isPending && <SkeletonRows rows={3} />}
      {!isPending && !data && <LoadProblem what="prices" error={error} onRetry={() => void refetch()} />}
      {data && <PriceLists data={data} allowed={allowed} />}
    </Card>
  );
}

interface PriceListsProps {
  readonly data: Prices;
  readonly allowed: boolean;
}

function PriceLists({ data, allowed }: PriceListsProps) {
  const own = data.items.filter(({ source }) => source === "workspace");
  const others = data.items.filter(({ source }) => source !== "workspace");
  return (
    <div className="divide-y divide-border">
      <section aria-label="Your models">
        <Heading>Your models, today</Heading>
        <ul>
          {data.models.map(({ model, price }) => (
            <ModelRow key={model} model={model} price={price} allowed={allowed} />
          ))}
        </ul>
      </section>
      {own.length > 0 && (
        <section aria-label="Prices of this workspace">
          <Heading>Set by this workspace</Heading>
          <ul>
            {own.map((price) => (
              <OwnRow key={price.id} price={price} allowed={allowed} />
            ))}
          </ul>
        </section>
      )}
      <details>
        <summary className="cursor-pointer px-4 py-2.5 text-muted-foreground touch-target">
          Published prices ({others.length})
        </summary>
        <ul className="pb-2">
          {others.map((price) => (
            <PriceRow key={`${price.source} ${price.model} ${price.since}`} price={price} />
          ))}
        </ul>
      </details>
    </div>
  );
}

const Heading = ({ children }: { readonly children: string }) => (
  <h3 className="px-4 pt-2.5 text-xs font-medium text-muted-foreground">{children}</h3>
);

const ROW = "flex flex-wrap items-center gap-x-4 gap-y-1 px-4 py-2";
const MODEL = "min-w-0 flex-1 basis-56 font-mono text-[0.8125rem] break-all";

type Rates = Pick<Price, "input" | "cachedInput" | "output">;

interface ModelRowProps {
  readonly model: string;
  readonly price: Prices["models"][number]["price"];
  readonly allowed: boolean;
}

function ModelRow({ model, price, allowed }: ModelRowProps) {
  return (
    <li className={ROW}>
      <span className={MODEL}>{model}</span>
      {price ? (
        <RatesText rates={price} />
      ) : (
        <span className="text-xs text-muted-foreground">
          No price: a limit in dollars can’t be used with it.
        </span>
      )}
      {allowed && (
        <PriceWindow
          model={model}
          button={{
            children: (
              <>
                {price ? "Change" : "Set price"}
                <span className="sr-only">{price ? ` the price of ${model}` : ` of ${model}`}</span>
              </>
            ),
          }}
        />
      )}
    </li>
  );
}

function OwnRow({ price, allowed }: { readonly price: Price; readonly allowed: boolean }) {
  const refresh = useRefreshPrices();
  const { id, model, since } = price;
  return (
    <PriceRow price={price}>
      {allowed && id !== null && (
        <ButtonForm
          button={{
            variant: "danger",
            "aria-label": `Remove the price of ${model} since ${since}`,
            children: "Remove",
          }}
          action={dropPrice}
          place={`settings/connections#remove-${id}`}
          fixed={{ id }}
          done="Price removed"
          onDone={() => {
            toast.success("Price removed");
            return refresh();
          }}
        />
      )}
    </PriceRow>
  );
}

interface PriceRowProps {
  readonly price: Price;
  readonly children?: ReactNode;
}

function PriceRow({ price, children }: PriceRowProps) {
  const { model, since, source, holdsToday } = price;
  return (
    <li className={ROW}>
      <span className={MODEL}>{model}</span>
      <span className="flex items-center gap-2 text-xs text-muted-foreground">
        {since === null ? "always" : `since ${since}`}
        {source === "deployment" && <Badge>deployment</Badge>}
        {holdsToday && <Badge>today</Badge>}
      </span>
      <RatesText rates={price} />
      {children}
    </li>
  );
}

function RatesText({ rates: { input, cachedInput, output } }: { readonly rates: Rates }) {
  const cached = cachedInput === null ? "" : ` · cached $${cachedInput}`;
  return <span className="text-xs text-ink-2 tabular-nums">{`in $${input}${cached} · out $${output}`}</span>;
}
