use graven::prelude::*;

model! { pub Net < Dense(4 -> 2, sofmax) > }

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let data = datasets::digits();
    let mut trainer = Net::init(1).compile(Adam::default(), SparseCategoricalCrossentropy::default(), ());
    trainer.fit(&data, Fit { epochs: 3, ..Fit::default() })?;
    let net = trainer.model();
    println!("{}", net.predict(&data.inputs()[0])[0] + 1.0);
    net.save("net.safetensors")?;
    Ok(())
}
