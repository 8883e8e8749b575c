use graven::prelude::*;

model! { pub Net < Dense(4 -> 2, softmax) > }

fn main() {
    let mut trainer = Net::init(1).compile(Adam::default(), CategoricalCrossentropy::default(), ());
    let _ = trainer.train_step(&Batch::new(&[[0.0; 4]], &[1usize]).unwrap());
}
