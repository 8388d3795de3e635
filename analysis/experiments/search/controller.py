"""A recurrent network that writes networks and learns from how well they do, by REINFORCE.

After Zoph and Le, "Neural Architecture Search with Reinforcement Learning" (ICLR 2017): at each
decision an LSTM gives a chance to every option, one is drawn, and what was drawn is its next input.
The gradient of the expected reward is estimated from what was drawn (Williams 1992):

    mean over the networks drawn of   (reward − baseline) · ∇ log p(network)

where the reward is the accuracy cubed, as in the paper, so that differences among good networks
count for more.

Departures: one layer of 16 units, not two of 35; Adam takes larger steps, since a search here ends
after some hundred networks, not after 12,800. A bonus for entropy, which Zoph and Le do not have
and ENAS (Pham et al. 2018) does, keeps it from settling on one network too soon. These settings
were chosen by searches with other seeds than those of the comparison.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn

from cnn_models.families.searched import DECISIONS

COUNTS: tuple[int, ...] = tuple(len(decision.options) for decision in DECISIONS)
_NEVER = -1e9  # the score of an option that a decision does not have
_START = 0.08  # first weights are drawn from -0.08 to 0.08, as in the paper


@dataclass(frozen=True)
class Plan:
    """How a controller learns; `batch` networks are tried between two steps.

    `memory` is the share of the baseline that stays when the rewards of a batch come in, and
    `power` what rewards are raised to before anything is learned from them.
    """

    hidden: int = 16
    batch: int = 5
    rate: float = 0.02
    memory: float = 0.9
    entropy: float = 0.05
    power: float = 3.0


PLAN = Plan()


class Controller(nn.Module):
    """Picks one option at each decision, of which decision d has `counts[d]`.

    Picks (N, D) become the logarithms of the chances at each decision, (N, D, K), where K is the
    most options that a decision has.
    """

    def __init__(self, counts: Sequence[int], hidden: int, seed: int) -> None:
        super().__init__()
        self.counts, self.most = tuple(counts), max(counts)
        decisions = len(self.counts)
        with torch.device("meta"):  # so that torch's own generator is not drawn from
            self.given = nn.Embedding(1 + decisions * self.most, hidden)  # the start, and each pick
            self.memory = nn.LSTM(hidden, hidden, batch_first=True)
            self.score = nn.Parameter(torch.empty(decisions, self.most, hidden))
        self.to_empty(device="cpu")
        generator = torch.Generator().manual_seed(seed)
        for weights in self.parameters():
            nn.init.uniform_(weights, -_START, _START, generator=generator)
        options = torch.arange(self.most) < torch.tensor(self.counts)[:, None]  # (D, K)
        self.missing = torch.where(options, 0.0, _NEVER)

    def forward(self, picks: Tensor) -> Tensor:
        places = 1 + torch.arange(len(self.counts) - 1) * self.most + picks[:, :-1]
        given = self.given(nn.functional.pad(places, (1, 0)))  # row 0, the start, then each pick
        seen, _ = self.memory(given)  # (N, D, hidden)
        return (torch.einsum("ndh,dkh->ndk", seen, self.score) + self.missing).log_softmax(-1)

    @torch.no_grad()
    def sample(self, count: int, generator: torch.Generator) -> tuple[Tensor, Tensor]:
        """Draw networks: picks (N, D), and the chances (N, D, K) that they were drawn with.

        The largest of scores with Gumbel noise on them is an option drawn with the softmax of the
        scores as its chance; all noise is drawn at once.
        """
        shape = (count, len(self.counts), self.most)
        noise = -torch.empty(shape).exponential_(generator=generator).log()
        rows, (weights,) = torch.zeros(count, dtype=torch.int64), self.memory.all_weights
        state = torch.zeros(2, count, self.memory.hidden_size).unbind()
        picks, scores = [], []
        for decision, (score, missing) in enumerate(zip(self.score, self.missing, strict=True)):
            state = torch.lstm_cell(self.given.weight[rows], state, *weights)
            scores.append(torch.addmm(missing, state[0], score.T))
            picks.append((scores[-1] + noise[:, decision]).argmax(1))
            rows = picks[-1] + (1 + decision * self.most)
        return torch.stack(picks, dim=1), torch.stack(scores, dim=1).softmax(-1)


def log_chance(log_chances: Tensor, picks: Tensor) -> Tensor:
    """The logarithm of the chance of each network, (N,), from (N, D, K) and its picks (N, D)."""
    return log_chances.gather(2, picks[..., None])[..., 0].sum(1)


def surrogate(log_chance: Tensor, rewards: Tensor, baseline: float) -> Tensor:
    """A scalar whose gradient is the estimate of that of the expected reward; both are (N,)."""
    return ((rewards - baseline) * log_chance).mean()


class Policy:
    """A controller with what it takes to learn: Adam, and a moving mean of rewards as baseline.

    Both are in rewards that are raised to the power of the plan. The baseline is made of earlier
    batches alone, which leaves the gradient as it is on average. Only the first batch, before which
    there are no rewards, is held against its own mean.
    """

    def __init__(self, seed: int, plan: Plan = PLAN, counts: Sequence[int] = COUNTS) -> None:
        self.controller = Controller(counts, plan.hidden, seed)
        self.baseline: float | None = None
        self._plan = plan
        self._generator = torch.Generator().manual_seed(seed)
        self._optimiser = torch.optim.Adam(self.controller.parameters(), lr=plan.rate)

    def sample(self, count: int) -> tuple[Tensor, Tensor]:
        """Picks (N, D) of networks, and the chances (N, D, K) that they were drawn with."""
        return self.controller.sample(count, self._generator)

    def learn(self, picks: Tensor, rewards: Tensor) -> None:
        """Take one step with the rewards (N,) of networks of these picks (N, D)."""
        rewards = rewards**self._plan.power
        mean, memory = float(rewards.mean()), self._plan.memory
        log_chances = self.controller(picks)
        entropy = -(log_chances.exp() * log_chances).sum((1, 2)).mean()
        held_against = mean if self.baseline is None else self.baseline
        gain = surrogate(log_chance(log_chances, picks), rewards, held_against)
        self._optimiser.zero_grad()
        (-gain - self._plan.entropy * entropy).backward()
        self._optimiser.step()
        self.baseline = memory * held_against + (1 - memory) * mean


class Reinforce:
    """The controller as a strategy: it asks for a batch of networks, one by one, then learns.

    `chances` are those at each decision for the network that was asked for last.
    """

    def __init__(self, seed: int, plan: Plan = PLAN, counts: Sequence[int] = COUNTS) -> None:
        self._policy = Policy(seed, plan, counts)
        self._counts, self._batch, self._power = tuple(counts), plan.batch, plan.power
        self._drawn: deque[tuple[int, tuple[tuple[float, ...], ...]]] = deque()
        self._told: list[tuple[int, float]] = []
        self.chances: tuple[tuple[float, ...], ...] = ()

    @property
    def baseline(self) -> float | None:
        """The reward that is as good as the moving mean; None until a first batch is through."""
        mean = self._policy.baseline
        return None if mean is None else mean ** (1 / self._power)

    def ask(self) -> int:
        if not self._drawn:
            self._draw()
        number, self.chances = self._drawn.popleft()
        return number

    def tell(self, number: int, reward: float) -> None:
        self._told.append((number, reward))
        if len(self._told) == self._batch:
            numbers = [number for number, _ in self._told]
            picks = np.stack(np.unravel_index(numbers, self._counts), axis=1)
            rewards = torch.tensor([reward for _, reward in self._told])
            self._policy.learn(torch.from_numpy(picks), rewards)
            self._told.clear()

    def _draw(self) -> None:
        picks, chances = self._policy.sample(self._batch)
        for own_picks, own in zip(picks.tolist(), chances.tolist(), strict=True):
            number = int(np.ravel_multi_index(own_picks, self._counts))
            cut = (tuple(c[:count]) for c, count in zip(own, self._counts, strict=True))
            self._drawn.append((number, tuple(cut)))
