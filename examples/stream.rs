//! Learns the sound of an overdriven amplifier, then plays through it sample by sample: `cargo run --release --example stream`.

use std::error::Error;
use std::hint::black_box;
use std::time::Instant;

use clap::Parser;
use graven::prelude::*;
use graven::random::Random;

/// Samples in one sequence to learn from.
const LENGTH: usize = 64;
const RATE: f32 = 48_000.0;

model! {
    /// An amplifier: reads a sound sample by sample, and remembers.
    pub Amp(sound: (LENGTH, 1)) < Gru(12, return_sequences = true), Dense(1) >
}

/// Trains a small recurrent network to sound like an amplifier with a tone control and a tube.
#[derive(Parser)]
struct Options {
    /// What the parameters and the sounds are drawn from.
    #[arg(long, default_value_t = 7)]
    seed: u64,
    /// How often to go through the sounds.
    #[arg(long, default_value_t = 15)]
    epochs: usize,
}

/// What is to be imitated: a low pass, whose state lasts, and a tube that bends more on one side.
#[derive(Default)]
struct Tube {
    low: f32,
}

impl Tube {
    fn play(&mut self, sample: f32) -> f32 {
        self.low += 0.3 * (sample - self.low);
        (3.0 * self.low + 0.3).tanh() - 0.3f32.tanh()
    }
}

type Sequence = [[f32; 1]; LENGTH];

/// Two tones of any pitch and loudness, and what the tube makes of them.
fn sound(random: &mut Random) -> (Sequence, Sequence) {
    let mut draw = |low: f64, high: f64| (low + (high - low) * random.uniform()) as f32;
    let tones: [_; 2] = [(); 2].map(|()| (draw(50.0, 4000.0), draw(0.0, 0.6), draw(0.0, 6.0)));
    let mut tube = Tube::default();
    let input: Sequence = std::array::from_fn(|time| [at(&tones, time)]);
    (input, input.map(|[sample]| [tube.play(sample)]))
}

fn at(tones: &[(f32, f32, f32)], time: usize) -> f32 {
    let seconds = time as f32 / RATE;
    tones
        .iter()
        .map(|(pitch, loud, phase)| loud * (std::f32::consts::TAU * pitch * seconds + phase).sin())
        .sum()
}

fn main() -> Result<(), Box<dyn Error>> {
    let Options { seed, epochs } = Options::parse();
    println!("{}\n", Amp::summary());
    let mut random = Random::new(seed);
    let (inputs, outputs) = (0..1500).map(|_| sound(&mut random)).unzip();
    let data = Dataset::new(inputs, outputs)?;
    let mut trainer = Amp::init(seed).compile(Adam::new(0.01), MeanSquaredError, ());
    trainer.fit(&data, Fit { epochs, validation_split: 0.1, ..Fit::default() })?;

    // Three seconds of a chord that was not among the sounds, as an audio callback gets it. The state lasts as long as the sound.
    let net = trainer.model();
    let chord = [(220.0, 0.4, 0.0), (329.6, 0.3, 1.0), (880.0, 0.2, 2.0)];
    let sounds: Vec<[f32; 1]> = (0..3 * RATE as usize).map(|time| [at(&chord, time)]).collect();
    let (mut state, mut played) = (AmpState::default(), vec![[0.0]; sounds.len()]);
    let start = Instant::now();
    for (sample, played) in sounds.iter().zip(&mut played) {
        *played = net.step(&mut state, black_box(sample));
    }
    let seconds = start.elapsed().as_secs_f64();
    let mut tube = Tube::default();
    let (mut error, mut power) = (0.0, 0.0);
    for ([sample], [played]) in sounds.iter().zip(&played) {
        let wanted = tube.play(*sample);
        error += (wanted - played).powi(2);
        power += wanted.powi(2);
    }
    println!("a chord of 3 s: {:.1} dB between sound and error", 10.0 * (power / error).log10());
    println!(
        "{:.0} ns a sample, {:.0} times as fast as it sounds",
        1e9 * seconds / sounds.len() as f64,
        3.0 / seconds
    );
    Ok(())
}
