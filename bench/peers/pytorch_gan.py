"""The GANs of `npm run bench:peers`, a discriminator's and a generator's step in turns."""

import math

import torch
from torch import nn
from torch.nn.functional import binary_cross_entropy_with_logits as cross_entropy

REAL_LABEL = 0.9


class Generator(nn.Module):
    def __init__(self, noise, channels):
        super().__init__()
        first, second = channels
        self.noise = noise
        self.shape = (first, 7, 7)
        self.dense = nn.Linear(noise, first * 7 * 7)
        self.images = nn.Sequential(
            nn.BatchNorm2d(first),
            nn.ReLU(),
            nn.ConvTranspose2d(first, second, 4, 2, 1),
            nn.BatchNorm2d(second),
            nn.ReLU(),
            nn.ConvTranspose2d(second, 1, 4, 2, 1),
            nn.Tanh(),
        )

    def forward(self, noise):
        return self.images(self.dense(noise).unflatten(1, self.shape))


def discriminator(channels):
    first, second = channels
    return nn.Sequential(
        nn.Conv2d(1, first, 4, 2, 1),
        nn.LeakyReLU(0.2),
        nn.Conv2d(first, second, 4, 2, 1),
        nn.BatchNorm2d(second),
        nn.LeakyReLU(0.2),
        nn.Flatten(),
        nn.Linear(second * 7 * 7, 1),
    )


def quick_discriminator(channels, units=128):
    first, second = channels
    return nn.Sequential(
        nn.Conv2d(1, first, 4, 2, 1),
        nn.LeakyReLU(0.2),
        nn.Conv2d(first, second, 4, 2, 1),
        nn.LeakyReLU(0.2),
        nn.Flatten(),
        nn.Linear(second * 7 * 7, units),
        nn.LeakyReLU(0.2),
        nn.Linear(units, 1),
    )


def training(generator, critic, batch, rate, memory_format):
    """One round: both players' steps, the fakes made once."""
    generator, critic = (n.to(memory_format=memory_format) for n in (generator, critic))
    real = (2 * torch.rand(batch, 1, 28, 28) - 1).to(memory_format=memory_format)
    betas = (0.5, 0.999)
    of_generator = torch.optim.Adam(generator.parameters(), lr=rate, betas=betas)
    of_critic = torch.optim.Adam(critic.parameters(), lr=rate, betas=betas)
    labels = torch.full((batch, 1), REAL_LABEL), torch.zeros(batch, 1), torch.ones(batch, 1)

    def step():
        fakes = generator(torch.randn(batch, generator.noise))
        of_critic.zero_grad()
        on_real = cross_entropy(critic(real), labels[0])
        loss = on_real + cross_entropy(critic(fakes.detach()), labels[1])
        loss.backward()
        of_critic.step()
        # Nobody needs the discriminator's own gradients now.
        critic.requires_grad_(False)
        of_generator.zero_grad()
        persuading = cross_entropy(critic(fakes), labels[2])
        persuading.backward()
        of_generator.step()
        critic.requires_grad_(True)
        if not math.isfinite(loss.item() + persuading.item()):
            raise RuntimeError("a loss is not finite")

    return step
